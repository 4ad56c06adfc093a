package org.snnk.jobs.bench;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.snnk.spark.train.Phases;

/** Runs the measures, each in its turn, so that nothing else of this program runs beside one. */
public final class Bench {
  private Bench() {}

  /**
   * Measures.
   *
   * @param folder for rows in Parquet, where all executors can read and write; left for the caller
   *     to remove
   * @return every row of the table
   */
  public static List<Result> run(SparkSession spark, Setup setup, Phases phases, String folder) {
    Site site = new Site(spark, setup, phases, folder);
    List<Result> results = new ArrayList<>();
    for (Measure measure : setup.measures()) {
      results.addAll(
          switch (measure) {
            case GRAM -> GramMeasure.run(site);
            case PEERS -> PeerMeasure.run(site);
            case ACTIVATION -> KernelMeasures.activation(site);
            case EXACT -> KernelMeasures.exact(site);
            case PATH -> PathMeasure.run(site);
            case CORES -> ScalingMeasures.cores(site);
            case ROWS -> ScalingMeasures.rows(site);
            case MEMORY -> MemoryMeasure.run(site);
            case STAGES -> StageMeasure.run(site);
            case EVALUATION -> EvaluationMeasure.run(site);
            case NETWORK -> NetworkMeasure.run(site);
          });
    }
    return results;
  }
}
