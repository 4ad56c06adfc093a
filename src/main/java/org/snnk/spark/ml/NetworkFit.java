package org.snnk.spark.ml;

import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.types.StructType;
import org.snnk.SnnkException;
import org.snnk.feature.Projection;
import org.snnk.loss.Loss;
import org.snnk.model.NetworkModel;
import org.snnk.network.LayerText;
import org.snnk.network.LocalTraining;
import org.snnk.network.Network;
import org.snnk.network.Optimizer;
import org.snnk.network.OuterStep;
import org.snnk.network.Schedule;
import org.snnk.spark.data.Inputs;
import org.snnk.spark.data.InvalidRows;
import org.snnk.spark.data.LearningRows;
import org.snnk.spark.data.Roles;
import org.snnk.spark.train.Checkpoints;
import org.snnk.spark.train.NetworkTraining;
import org.snnk.spark.train.Phases;

/** From a data set and the Params of a learner to a trained network. */
final class NetworkFit {
  private final NetworkParams params;

  NetworkFit(NetworkParams params) {
    this.params = params;
  }

  /** Checks the columns that a learner reads beside inputs and label, and the layers. */
  void requireColumns(StructType schema) {
    StageColumns.requireNumeric(
        schema, params, List.of(params.weightCol(), params.rowIndexCol()), "Cast it to a number.");
    Network unused = network(1, 1);
  }

  private Network network(int inputs, int outputs) {
    return new LayerText(
            Projection.of(params.getProjection()),
            params.getSeed(),
            text ->
                new SnnkException(
                    "layers", LayerText.GRAMMAR, "'" + text + "'", null, "Correct the layer."))
        .network(List.of(params.getLayers()), inputs, outputs);
  }

  /**
   * Trains.
   *
   * @param classes empty for regression
   */
  NetworkModel fit(Dataset<?> table, Inputs inputs, List<String> targets, List<String> classes) {
    LearningRows columns =
        new LearningRows(
            inputs,
            targets,
            classes.size(),
            StageColumns.named(params, params.weightCol()),
            StageColumns.named(params, params.rowIndexCol()),
            null,
            null,
            0,
            !params.getHandleInvalid().equals(InvalidRows.ERROR.key()));
    Roles roles = new Roles(inputs.names(), targets, classes, columns.weight());
    int cores = table.sparkSession().sparkContext().defaultParallelism();
    return KeptRows.train(
        table,
        columns,
        rows ->
            NetworkTraining.train(
                    rows, roles, options(roles, cores), Phases.SILENT, Checkpoints.NONE)
                .model());
  }

  private NetworkTraining.Options options(Roles roles, int cores) {
    int outputs = roles.classification() ? roles.classes().size() : roles.targets().size();
    Optimizer optimizer =
        Optimizer.of(params.getOptimizer(), params.getMomentum(), params.getWeightDecay());
    LocalTraining.Settings steps =
        new LocalTraining.Settings(
            roles.classification() ? Loss.SOFTMAX : Loss.SQUARED,
            params.getRegParam(),
            optimizer,
            new Schedule(Schedule.Shape.of(params.getSchedule()), params.getWarmUp()),
            params.getStepSize(),
            params.getClip() == 0 ? Double.POSITIVE_INFINITY : params.getClip(),
            params.getBatchSize(),
            params.getSeed());
    return new NetworkTraining.Options(
        network(roles.inputs().size(), outputs),
        steps,
        List.of(params.getStepSize()),
        params.getMaxIter(),
        new NetworkTraining.Sharding(
            params.getShards() == 0 ? cores : params.getShards(),
            params.getStepsPerRound(),
            new OuterStep(params.getOuterMomentum(), 1),
            params.getReshuffle()),
        params.getValidationFraction(),
        params.getPatience(),
        params.getOptimizer().equals(Optimizer.FULL_BATCH),
        false,
        null);
  }
}
