package dev.millrace.cli;

import dev.millrace.platform.home.Home;
import dev.millrace.platform.tracking.Tracking;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Brings runs that were recorded while the registry was down to the registry. */
@Command(
        mixinStandardHelpOptions = true,
        description = "Send runs that were saved while the registry was down. Runs without Spark.")
final class SyncCommand implements Callable<Integer> {
    private final Shell shell;

    @Mixin
    private CommonOptions common;

    SyncCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        Workplace workplace = new Workplace(shell, common);
        Home home = workplace.home(Optional.empty());
        Tracking tracking = workplace.tracking(home, Optional.empty());
        Tracking.Synced synced = tracking.sync();
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("job", "sync");
        document.put("status", "done");
        document.put("server", tracking.uri().orElse(null));
        document.put("sent", synced.sent());
        document.put("still_running", synced.live());
        document.put("waiting", tracking.waiting());
        Report report = new Report(shell, common);
        report.document(document);
        report.text(synced.sent().size() + " runs sent to " + tracking.uri().orElse("") + ", "
                + synced.live().size() + " still running, " + tracking.waiting() + " left in " + home.spool() + "\n");
        return 0;
    }
}
