package org.snnk.spark.train;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.snnk.feature.Featurizer;
import org.snnk.linalg.RowBlock;
import org.snnk.statistics.GramStatistics;
import org.snnk.statistics.RowParts;
import org.snnk.statistics.Targets;

/**
 * One pass over row blocks that gives the Gram statistics of several feature maps, each for several
 * parts of the rows.
 *
 * <p><b>Cost</b> of a task: 4m² bytes for each map and part, and one workspace of 32 MB.
 */
public final class GramPass {
  private GramPass() {}

  /** What an empty statistic is made of: small, so that it can travel with the tasks. */
  public record Specification(Featurizer featurizer, Targets targets, int weightExponent)
      implements Serializable {
    GramStatistics empty() {
      return new GramStatistics(featurizer, targets, weightExponent);
    }
  }

  /**
   * Runs the pass.
   *
   * @return for each specification the statistic of each part
   */
  public static List<List<GramStatistics>> run(
      JavaRDD<RowBlock> rows, List<Specification> specifications, RowParts parts) {
    ArrayList<Specification> maps = new ArrayList<>(specifications);
    List<List<GramStatistics>> merged =
        TreeMerge.of(
            rows,
            blocks -> fold(blocks, maps, parts),
            (left, right) -> {
              for (int i = 0; i < left.size(); i++) {
                for (int part = 0; part < parts.count(); part++) {
                  left.get(i).get(part).merge(right.get(i).get(part));
                }
              }
              return left;
            });
    return merged == null ? empty(maps, parts) : merged;
  }

  private static List<List<GramStatistics>> empty(List<Specification> maps, RowParts parts) {
    List<List<GramStatistics>> statistics = new ArrayList<>();
    for (Specification map : maps) {
      List<GramStatistics> ofMap = new ArrayList<>();
      for (int part = 0; part < parts.count(); part++) {
        ofMap.add(map.empty());
      }
      statistics.add(ofMap);
    }
    return statistics;
  }

  private static List<List<GramStatistics>> fold(
      Iterator<RowBlock> blocks, List<Specification> maps, RowParts parts) {
    List<List<GramStatistics>> statistics = empty(maps, parts);
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
