package dev.millrace.platform.spark;

import dev.millrace.platform.progress.ConsoleProgress;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.scheduler.SparkListenerTaskEnd;

/** Counts Spark's tasks for the progress line. */
public final class TaskListener extends SparkListener {
    private final ConsoleProgress.TaskCount tasks;

    public TaskListener(ConsoleProgress.TaskCount tasks) {
        this.tasks = tasks;
    }

    @Override
    public void onStageSubmitted(SparkListenerStageSubmitted event) {
        tasks.submitted(event.stageInfo().numTasks());
    }

    @Override
    public void onTaskEnd(SparkListenerTaskEnd event) {
        tasks.finished();
    }
}
