package org.snnk.jobs;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.spark.executor.TaskMetrics;
import org.apache.spark.scheduler.AccumulableInfo;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorMetricsUpdate;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.storage.RDDInfo;
import org.snnk.spark.train.Phases;
import scala.Tuple4;
import scala.collection.Iterator;
import scala.collection.immutable.Seq;

/** Hands the rows and tasks that Spark reports on to the phase whose stage they belong to. */
final class ProgressListener extends SparkListener {
  private static final String RECORDS_READ = "internal.metrics.input.recordsRead";

  private final Progress progress;
  // Touched by Spark's listener thread only.
  private final Map<Integer, String> phaseOfStage = new HashMap<>();
  private final Map<Integer, Set<Integer>> donePartitions = new HashMap<>();
  private final Set<String> countingPhases = new HashSet<>();
  private final Set<Integer> keptStages = new HashSet<>();

  ProgressListener(Progress progress) {
    this.progress = progress;
  }

  @Override
  public void onStageSubmitted(SparkListenerStageSubmitted event) {
    String phase =
        event.properties() == null ? null : event.properties().getProperty(Progress.PHASE_PROPERTY);
    if (phase != null) {
      int stage = event.stageInfo().stageId();
      phaseOfStage.put(stage, phase);
      Iterator<RDDInfo> tables = event.stageInfo().rddInfos().iterator();
      while (tables.hasNext()) {
        if (tables.next().storageLevel().isValid()) {
          keptStages.add(stage);
        }
      }
      progress.stageBegan(phase, stage, event.stageInfo().numTasks());
    }
  }

  @Override
  public void onTaskEnd(SparkListenerTaskEnd event) {
    String phase = phaseOfStage.get(event.stageId());
    if (phase == null) {
      return;
    }
    TaskMetrics metrics = event.taskMetrics(); // null where the executor was lost
    // A retried or speculative copy of a partition that is done counts once.
    boolean counts =
        event.taskInfo().successful()
            && donePartitions
                .computeIfAbsent(event.stageId(), stage -> new HashSet<>())
                .add(event.taskInfo().index());
    long read = metrics == null ? 0 : metrics.inputMetrics().recordsRead();
    long rows = rows(phase, event.stageId(), event.taskInfo().accumulables(), read);
    progress.taskEnded(phase, event.taskInfo().taskId(), counts, rows);
  }

  @Override
  public void onExecutorMetricsUpdate(SparkListenerExecutorMetricsUpdate event) {
    Iterator<Tuple4<Object, Object, Object, Seq<AccumulableInfo>>> tasks =
        event.accumUpdates().iterator();
    while (tasks.hasNext()) {
      Tuple4<Object, Object, Object, Seq<AccumulableInfo>> task = tasks.next();
      String phase = phaseOfStage.get((Integer) task._2());
      if (phase != null) {
        long read = update(task._4(), RECORDS_READ).orElse(0);
        int stage = (Integer) task._2();
        progress.taskReported(phase, (Long) task._1(), rows(phase, stage, task._4(), read));
      }
    }
  }

  /**
   * The rows that a loop counts itself; else what was read, but where something is kept in memory,
   * since a kept block of rows is one record to Spark. Once a loop counts, the stages that read for
   * it no longer do.
   */
  private long rows(String phase, int stage, Seq<AccumulableInfo> updates, long read) {
    OptionalLong counted = update(updates, Phases.ROWS);
    if (counted.isPresent() && countingPhases.add(phase)) {
      progress.restartRows(phase);
    }
    boolean records = !countingPhases.contains(phase) && !keptStages.contains(stage);
    return counted.orElse(records ? read : 0);
  }

  private static OptionalLong update(Seq<AccumulableInfo> updates, String name) {
    Iterator<AccumulableInfo> each = updates.iterator();
    while (each.hasNext()) {
      AccumulableInfo update = each.next();
      boolean found = update.name().isDefined() && update.name().get().equals(name);
      if (found && update.update().isDefined() && update.update().get() instanceof Number number) {
        return OptionalLong.of(number.longValue());
      }
    }
    return OptionalLong.empty();
  }
}
