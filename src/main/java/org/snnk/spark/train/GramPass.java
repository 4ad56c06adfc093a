package org.snnk.spark.train;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaRDD;
import org.snnk.feature.Featurizer;
import org.snnk.linalg.RowBlock;
import org.snnk.statistics.GramMemory;
import org.snnk.statistics.GramStatistics;
import org.snnk.statistics.Precision;
import org.snnk.statistics.RowParts;
import org.snnk.statistics.Targets;

/**
 * A pass over row blocks that gives the Gram statistics of several feature maps, each for several
 * parts of the rows; or several passes, each for some rows of the matrices, where a task could not
 * hold them whole. Features are made anew in each: they cost O(md) a row against m² of the
 * products.
 *
 * <p><b>Cost</b> of a task: see {@link GramMemory}.
 */
public final class GramPass {
  static final int TASKS_PER_CORE = 4;

  private GramPass() {}

  /** What an empty statistic is made of: small, so that it can travel with the tasks. */
  public record Specification(
      Featurizer featurizer, Targets targets, int weightExponent, Precision precision)
      implements Serializable {
    /** The specification of an exact statistic. */
    public Specification(Featurizer featurizer, Targets targets, int weightExponent) {
      this(featurizer, targets, weightExponent, Precision.EXACT);
    }

    /** The specification of a statistic. */
    public static Specification of(GramStatistics statistics) {
      return new Specification(
          statistics.featurizer(),
          statistics.targets(),
          statistics.weightExponent(),
          statistics.precision());
    }

    GramStatistics empty() {
      return empty(0, 1);
    }

    GramStatistics empty(int part, int parts) {
      return GramStatistics.part(featurizer, targets, weightExponent, precision, part, parts);
    }

    /** m + 1 + k′. */
    public int width() {
      return featurizer.map().features() + 1 + targets.columns();
    }
  }

  /**
   * Runs as many passes as the memory of a task asks for.
   *
   * @param expected how many rows there are, or Long.MAX_VALUE; only memory is reckoned from it
   * @return for each specification the statistic of each part of the rows
   */
  public static List<List<GramStatistics>> run(
      JavaRDD<RowBlock> rows, List<Specification> specifications, RowParts parts, long expected) {
    return runPasses(
        rows, specifications, parts, passes(rows.context(), specifications, parts, expected));
  }

  /** How many passes {@link #run(JavaRDD, List, RowParts, long)} makes. */
  static int passes(
      SparkContext context, List<Specification> specifications, RowParts parts, long expected) {
    int widest = specifications.stream().mapToInt(Specification::width).max().orElse(1);
    GramMemory memory = new GramMemory(widest, specifications.size() * parts.count(), expected);
    return memory.passes(TaskMemory.of(context));
  }

  /** Runs a number of passes, each for one part of the matrices. */
  static List<List<GramStatistics>> runPasses(
      JavaRDD<RowBlock> rows, List<Specification> specifications, RowParts parts, int passes) {
    List<List<List<GramStatistics>>> results = new ArrayList<>();
    for (int pass = 0; pass < passes; pass++) {
      results.add(pass(rows, new Pass(new ArrayList<>(specifications), parts, pass, passes)));
    }
    List<List<GramStatistics>> joined = new ArrayList<>();
    for (int i = 0; i < specifications.size(); i++) {
      List<GramStatistics> ofMap = new ArrayList<>();
      for (int part = 0; part < parts.count(); part++) {
        List<GramStatistics> pieces = new ArrayList<>();
        for (List<List<GramStatistics>> result : results) {
          pieces.add(result.get(i).get(part));
        }
        ofMap.add(GramStatistics.join(pieces));
      }
      joined.add(ofMap);
    }
    return joined;
  }

  /** What one pass makes: travels with the tasks. */
  private record Pass(ArrayList<Specification> maps, RowParts parts, int number, int of)
      implements Serializable {
    List<List<GramStatistics>> empty() {
      List<List<GramStatistics>> statistics = new ArrayList<>();
      for (Specification map : maps) {
        List<GramStatistics> ofMap = new ArrayList<>();
        for (int part = 0; part < parts.count(); part++) {
          ofMap.add(map.empty(number, of));
        }
        statistics.add(ofMap);
      }
      return statistics;
    }
  }

  private static List<List<GramStatistics>> pass(JavaRDD<RowBlock> rows, Pass pass) {
    int tasks = TASKS_PER_CORE * rows.context().defaultParallelism();
    // Every task sends its sums: fewer, larger ones send less.
    JavaRDD<RowBlock> grouped = rows.getNumPartitions() > tasks ? rows.coalesce(tasks) : rows;
    List<List<GramStatistics>> merged =
        TreeMerge.of(
            grouped,
            blocks -> fold(blocks, pass),
            (left, right) -> {
              for (int i = 0; i < left.size(); i++) {
                for (int part = 0; part < left.get(i).size(); part++) {
                  left.get(i).get(part).merge(right.get(i).get(part));
                }
              }
              return left;
            });
    return merged == null ? pass.empty() : merged;
  }

  private static List<List<GramStatistics>> fold(Iterator<RowBlock> blocks, Pass pass) {
    RowParts parts = pass.parts;
    List<List<GramStatistics>> statistics = pass.empty();
    GramStatistics.Workspace workspace = new GramStatistics.Workspace();
    while (blocks.hasNext()) {
      RowBlock block = blocks.next();
      for (int part = 0; part < parts.count(); part++) {
        int wanted = part;
        RowBlock ofPart =
            parts.count() == 1 ? block : block.filter(index -> parts.of(index) == wanted);
        for (List<GramStatistics> ofMap : statistics) {
          ofMap.get(part).add(ofPart, workspace);
        }
      }
    }
    return statistics;
  }
}
