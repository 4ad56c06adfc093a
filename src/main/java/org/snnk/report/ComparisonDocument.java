package org.snnk.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.snnk.metric.PairedDifference;
import org.snnk.metric.Spread;

/**
 * What a comparison found, as the document {@code comparison.json}: each contender with its
 * trainings, their spread over seeds, and its difference from the baseline.
 *
 * <p>Figures are those of {@link MetricsDocument} that are single numbers. An interval around a
 * difference stands twice: over rows of this kind with the models as they are, and over rows and
 * seeds, where se² = se²(rows) + sd²/S of the contender + sd²/S of the baseline.
 */
public final class ComparisonDocument {
  /** Version of the layout, raised when a reader of the former one would go wrong. */
  public static final int VERSION = 1;

  private static final List<Measure> CLASSES =
      List.of(
          new Measure("logLoss", "Log-loss", true),
          new Measure("accuracy", "Accuracy", false),
          new Measure("auc", "AUC", false),
          new Measure("brier", "Brier", true),
          new Measure("balancedAccuracy", "Balanced accuracy", false),
          new Measure("macroF1", "Macro F1", false),
          new Measure("mcc", "MCC", false),
          new Measure("calibrationError", "ECE", true));
  private static final List<Measure> NUMBERS =
      List.of(
          new Measure("rmse", "RMSE", true),
          new Measure("mae", "MAE", true),
          new Measure("r2", "R²", false));

  private final ObjectNode root = Json.object();
  private final List<Contender> contenders = new ArrayList<>();
  private final List<Measure> measures;
  private final double z;

  /** A figure, its name for people, and whether less of it is better. */
  public record Measure(String key, String label, boolean lowerIsBetter) {}

  /**
   * An empty document.
   *
   * @param classification whether classes are predicted
   * @param baseline name of the contender that the others are held against
   * @param confidence level of the intervals
   * @param z quantile of the standard normal law for that level, both sides
   */
  public ComparisonDocument(
      boolean classification, String baseline, List<Long> seeds, double confidence, double z) {
    this.measures = classification ? CLASSES : NUMBERS;
    this.z = z;
    root.put("format", "snnk-comparison");
    root.put("version", VERSION);
    root.put("task", classification ? "classification" : "regression");
    root.put("baseline", baseline);
    root.set("seeds", Json.of(seeds));
    root.set("confidence", Json.number(confidence));
    for (Measure measure : measures) {
      ObjectNode each = root.withArrayProperty("measures").addObject();
      each.put("key", measure.key);
      each.put("label", measure.label);
      each.put("lowerIsBetter", measure.lowerIsBetter);
    }
  }

  /** Sets a value at the top, such as the rows. */
  public ComparisonDocument put(String key, Object value) {
    root.set(key, Json.of(value));
    return this;
  }

  /**
   * Adds a contender.
   *
   * @param series to which it belongs in a plot; its own name where it stands alone
   * @param axes its place on the axes of a grid
   * @param kind what it is
   * @param settings what the configuration says of it
   */
  public Contender contender(
      String name,
      String series,
      Map<String, Object> axes,
      String kind,
      Map<String, Object> settings) {
    Contender contender = new Contender();
    contender.node.put("name", name);
    contender.node.put("series", series);
    contender.node.set("axes", Json.of(axes));
    contender.node.put("kind", kind);
    contender.node.set("settings", Json.of(settings));
    contenders.add(contender);
    return contender;
  }

  /** The document. */
  public ObjectNode toJson() {
    ObjectNode whole = root.deepCopy();
    contenders.forEach(each -> whole.withArrayProperty("contenders").add(each.toJson()));
    return whole;
  }

  /**
   * One training.
   *
   * @param fitSeconds all candidates and the final fit
   * @param scoreSeconds a pass over the test rows in memory, figures included
   * @param peakHeapBytes see the job's documentation
   * @param candidates settings that were tried on the validation part
   * @param chosen of them
   * @param parameters that were trained
   * @param modelBytes as saved
   * @param metrics the metrics document of the test rows
   */
  public record Run(
      long seed,
      double fitSeconds,
      double scoreSeconds,
      long peakHeapBytes,
      int candidates,
      Map<String, Object> chosen,
      long parameters,
      long modelBytes,
      JsonNode metrics) {}

  /** One contender. */
  public final class Contender {
    private final ObjectNode node = Json.object();
    private final List<Run> runs = new ArrayList<>();

    private Contender() {}

    /** Sets a value of its own. */
    public Contender put(String key, Object value) {
      node.set(key, Json.of(value));
      return this;
    }

    /** Adds a training. */
    public Contender run(Run run) {
      runs.add(run);
      return this;
    }

    /** Why there is no result. */
    public Contender failed(String sentence) {
      return put("failed", sentence);
    }

    /** Why it was not tried. */
    public Contender leftOut(String sentence) {
      return put("leftOut", sentence);
    }

    /**
     * Sets its differences from the baseline, that of its losses minus the baseline's.
     *
     * @param losses the two of a row, as the pass over rows gives them
     */
    public Contender differences(Contender baseline, PairedDifference[] losses) {
      if (measures == CLASSES) {
        difference("logLoss", losses[0], values("logLoss"), baseline.values("logLoss"));
        difference("accuracy", losses[1], values("accuracy"), baseline.values("accuracy"));
      } else {
        difference("squaredError", losses[0], squares(), baseline.squares());
        difference("absoluteError", losses[1], values("mae"), baseline.values("mae"));
      }
      return this;
    }

    private List<Double> squares() {
      return values("rmse").stream().map(x -> x * x).toList();
    }

    private void difference(
        String key, PairedDifference paired, List<Double> mine, List<Double> theirs) {
      ObjectNode difference = node.withObjectProperty("differences").putObject(key);
      double mean = paired.mean().orNaN();
      double rows = paired.standardError().orNaN();
      double both = Math.sqrt(rows * rows + ofMean(mine) + ofMean(theirs));
      difference.set("mean", Json.number(mean));
      difference.set("standardErrorOverRows", Json.number(rows));
      difference.set("overRows", Json.of(new double[] {mean - z * rows, mean + z * rows}));
      difference.set("overRowsAndSeeds", Json.of(new double[] {mean - z * both, mean + z * both}));
    }

    /** The variance of a mean over seeds. */
    private double ofMean(List<Double> values) {
      if (values.isEmpty()) {
        return 0;
      }
      Spread spread = Spread.of(values);
      return spread.sd() * spread.sd() / spread.count();
    }

    private List<Double> values(String figure) {
      return runs.stream()
          .filter(run -> run.metrics.path(figure).isNumber())
          .map(run -> run.metrics.path(figure).asDouble())
          .toList();
    }

    private ObjectNode toJson() {
      ObjectNode whole = node.deepCopy();
      if (runs.isEmpty()) {
        return whole;
      }
      whole.put("candidates", runs.get(0).candidates);
      for (Measure measure : measures) {
        List<Double> values = values(measure.key);
        if (!values.isEmpty()) {
          whole.withObjectProperty("figures").set(measure.key, spread(values));
        }
      }
      whole.set("fitSeconds", spread(runs.stream().map(Run::fitSeconds).toList()));
      whole.set("scoreSeconds", spread(runs.stream().map(Run::scoreSeconds).toList()));
      whole.set("peakHeapBytes", spread(doubles(runs.stream().map(Run::peakHeapBytes).toList())));
      whole.set("parameters", spread(doubles(runs.stream().map(Run::parameters).toList())));
      whole.set("modelBytes", spread(doubles(runs.stream().map(Run::modelBytes).toList())));
      for (Run run : runs) {
        ObjectNode each = whole.withArrayProperty("runs").addObject();
        each.put("seed", run.seed);
        each.set("chosen", Json.of(run.chosen));
        each.set("fitSeconds", Json.number(run.fitSeconds));
        each.set("scoreSeconds", Json.number(run.scoreSeconds));
        each.put("peakHeapBytes", run.peakHeapBytes);
        each.put("parameters", run.parameters);
        each.put("modelBytes", run.modelBytes);
        for (Measure measure : measures) {
          if (run.metrics.has(measure.key)) {
            each.set(measure.key, run.metrics.get(measure.key));
          }
        }
      }
      return whole;
    }

    private static List<Double> doubles(List<Long> values) {
      return values.stream().map(Long::doubleValue).toList();
    }

    private static ObjectNode spread(List<Double> values) {
      Spread spread = Spread.of(values);
      ObjectNode node = Json.object();
      node.set("mean", Json.number(spread.mean()));
      node.set("sd", Json.number(spread.sd()));
      node.set("least", Json.number(spread.least()));
      node.set("most", Json.number(spread.most()));
      return node;
    }
  }
}
