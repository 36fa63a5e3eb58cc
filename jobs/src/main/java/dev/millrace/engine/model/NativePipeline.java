package dev.millrace.engine.model;

import dev.millrace.platform.error.ErrorKind;
import dev.millrace.platform.error.MillraceException;
import dev.millrace.platform.home.Home;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.PipelineModel;

/** The MLlib pipeline of a model directory. */
public final class NativePipeline {
    private NativePipeline() {}

    /**
     * Loads the pipeline. Executors read its files too, so with a home on another file system they are copied there
     * first.
     *
     * @throws MillraceException MODEL_UNUSABLE when MLlib cannot read it
     */
    public static PipelineModel load(ModelDirectory model, Home home, Configuration hadoop) {
        try {
            return PipelineModel.load(reachable(model, home, hadoop).toString());
        } catch (IOException | RuntimeException broken) {
            throw new MillraceException(
                    ErrorKind.MODEL_UNUSABLE,
                    "Spark cannot load the pipeline in " + model.spark() + ": " + broken.getMessage(),
                    broken);
        }
    }

    private static Path reachable(ModelDirectory model, Home home, Configuration hadoop) throws IOException {
        Path local = new Path(model.spark().toUri());
        if (home.serverFile().isPresent()) return local;
        Path shared = new Path(home.root() + "/cache/models/" + model.digest() + "/spark");
        FileSystem files = shared.getFileSystem(hadoop);
        if (!files.exists(shared)) files.copyFromLocalFile(local, shared);
        return shared;
    }
}
