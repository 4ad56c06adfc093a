package org.snnk.spark.train;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.snnk.feature.CosineFeatures;
import org.snnk.feature.Featurizer;
import org.snnk.feature.Projection;
import org.snnk.linalg.RowBlock;
import org.snnk.model.Model;
import org.snnk.model.NetworkModel;
import org.snnk.network.Bundling;
import org.snnk.network.LayerSlopes;
import org.snnk.spark.data.Roles;
import org.snnk.statistics.GramStatistics;
import org.snnk.statistics.Moments;
import org.snnk.statistics.NormalEquations;
import org.snnk.statistics.RowParts;
import org.snnk.statistics.Targets;

/**
 * Replaces dense layers of a trained network by ones of low rank, in closed form, with no gradient
 * step and no label: {@link Bundling#lowRank}.
 *
 * <p>What units are on the rows, and how the answers change with them, streams through the exact
 * statistics where the rows lie: some {@value #VALUE_ROWS} rows for the one, {@value #SLOPE_ROWS}
 * for the other. On one BLAS the result does not depend on partitions.
 */
public final class LowRankBundling {
  static final int VALUE_ROWS = 50_000;
  static final int SLOPE_ROWS = 20_000;

  private final JavaRDD<RowBlock> rows;
  private final Roles roles;
  private final boolean dropInvalid;
  private final Phases phases;
  private final long seed;

  /**
   * Bundling on some rows.
   *
   * @param rows that the network is used on; passed over five times for each layer
   * @param roles of their table
   * @param dropInvalid whether rows that cannot be used are left out rather than refused
   * @param seed of the sample
   */
  public LowRankBundling(
      JavaRDD<RowBlock> rows, Roles roles, boolean dropInvalid, Phases phases, long seed) {
    this.rows = rows;
    this.roles = roles;
    this.dropInvalid = dropInvalid;
    this.phases = phases;
    this.seed = seed;
  }

  /** A layer of low rank: its number in the teacher, its rank, and how many units it has. */
  public record Reduced(int layer, int rank, int units) {}

  /** A student and its layers of low rank. */
  public record Student(NetworkModel model, List<Reduced> layers) {}

  /**
   * The model with dense layers [from, to) of low rank, so that it keeps a share of its parameters.
   * From the front, each for what the layers before it really give.
   *
   * @param size share of the parameters, in (0, 1)
   * @throws org.snnk.SnnkException if the other layers have more than that share, a layer is no
   *     dense one, there is nothing to learn from, or unusable rows may not be dropped
   */
  public Student reduce(NetworkModel teacher, int from, int to, double size) {
    int[] ranks = Bundling.ranks(teacher.network(), from, to, size);
    Moments all = phases.run("moments", 0, () -> ClosedFormTraining.moments(rows, roles));
    if (!dropInvalid) {
      all.rejected().requireNone("training table");
    }
    ClosedFormTraining.requireSomethingToLearn(all, roles);
    NetworkModel student = teacher;
    List<Reduced> reduced = new ArrayList<>();
    for (int i = 0; i < ranks.length; i++) {
      int at = from + 2 * i; // each became two
      SecondMoments values = moments(new Units(student, at, false), VALUE_ROWS, all.rows());
      SecondMoments slopes = moments(new Units(student, at, true), SLOPE_ROWS, all.rows());
      reduced.add(new Reduced(from + i, ranks[i], values.mean.length));
      student =
          student.with(
              Bundling.lowRank(
                  student.trained(),
                  at,
                  ranks[i],
                  values.mean,
                  values.centred,
                  slopes.aboutZero()));
    }
    return new Student(student, reduced);
  }

  /** Means u and centred second moments u×u. */
  private record SecondMoments(double[] mean, double[] centred) {
    double[] aboutZero() {
      int u = mean.length;
      double[] moments = centred.clone();
      for (int i = 0; i < moments.length; i++) {
        moments[i] += mean[i / u] * mean[i % u];
      }
      return moments;
    }
  }

  /** Units become targets of the exact statistic, beside the features of a column of zeros. */
  private SecondMoments moments(Units units, int wanted, long count) {
    RowParts sampled = RowParts.holdOut(seed, Math.max(0, 1 - (double) wanted / count));
    Broadcast<Units> sent = JavaSparkContext.fromSparkContext(rows.context()).broadcast(units);
    try {
      JavaRDD<RowBlock> blocks =
          rows.map(block -> block.filter(index -> sampled.of(index) == 0))
              .mapPartitions(some -> new UnitBlocks(some, sent.value()));
      int u = units.count();
      List<String> names = IntStream.range(0, u).mapToObj(i -> "unit[" + i + "]").toList();
      Roles columns = new Roles(List.of("zero"), names, List.of(), roles.weight());
      Moments seen =
          phases.run("values of units", 0, () -> ClosedFormTraining.moments(blocks, columns));
      Targets targets = seen.targets();
      GramPass.Specification specification =
          new GramPass.Specification(
              new Featurizer(
                  seen.standardizer(), new CosineFeatures(1, 2, 1, Projection.GAUSSIAN, 0)),
              targets,
              GramStatistics.weightExponent(seen.largestWeight()));
      NormalEquations equations =
          phases.run(
              "second moments",
              0,
              () ->
                  GramPass.run(blocks, List.of(specification), RowParts.holdOut(0, 0), seen.rows())
                      .get(0)
                      .get(0)
                      .normalEquations());
      double[] mean = new double[u];
      double[] centred = new double[u * u];
      for (int i = 0; i < u; i++) {
        double scale = targets.scale(i);
        mean[i] = targets.mean(i) + scale * equations.targetMean()[i];
        for (int j = 0; j < u; j++) {
          centred[i * u + j] = equations.targetGram()[i * u + j] * scale * targets.scale(j);
        }
      }
      return new SecondMoments(mean, centred);
    } finally {
      sent.destroy();
    }
  }

  /**
   * A dense layer whose units are looked at before their activation.
   *
   * @param slopes whether the derivatives of the answers by them are, {@link LayerSlopes}
   */
  private record Units(NetworkModel model, int layer, boolean slopes) implements Serializable {
    int count() {
      return model.network().layers().get(layer).outputs();
    }

    /** z = xW + b for raw rows. */
    Model.Scorer values() {
      return model.with(Bundling.withoutActivation(model.trained(), layer)).outputs(layer + 1);
    }

    LayerSlopes behind() {
      return LayerSlopes.of(model.trained(), layer, model.isClassifier());
    }
  }

  /** Blocks of units as targets, always of as many rows multiplied, so that bits do not differ. */
  private static final class UnitBlocks implements Iterator<RowBlock> {
    private static final int ROWS = 128;

    private final Iterator<RowBlock> blocks;
    private final Model.Scorer values;
    private final LayerSlopes slopes;
    private final int inputs;
    private final int units;
    private RowBlock block;
    private int from;

    UnitBlocks(Iterator<RowBlock> blocks, Units of) {
      this.blocks = blocks;
      this.values = of.values();
      this.slopes = of.slopes ? of.behind() : null;
      this.inputs = of.model.inputs();
      this.units = of.count();
    }

    @Override
    public boolean hasNext() {
      while ((block == null || from >= block.rows()) && blocks.hasNext()) {
        block = blocks.next();
        from = 0;
      }
      return block != null && from < block.rows();
    }

    @Override
    public RowBlock next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      int n = Math.min(ROWS, block.rows() - from);
      double[] x = new double[ROWS * inputs];
      System.arraycopy(block.x(), from * inputs, x, 0, n * inputs);
      double[] z = new double[ROWS * units];
      values.scores(ROWS, x, z);
      double[] numbers = slopes == null ? z : slopes.of(ROWS, z);
      int each = slopes == null ? 1 : slopes.answers();
      long[] index = new long[n * each];
      double[] weight = block.weight() == null ? null : new double[n * each];
      for (int i = 0; i < index.length; i++) {
        index[i] = block.index()[from + i / each] * each + i % each;
        if (weight != null) {
          weight[i] = block.weight(from + i / each);
        }
      }
      from += n;
      return new RowBlock(
          index.length,
          1,
          units,
          new double[index.length],
          Arrays.copyOf(numbers, index.length * units),
          weight,
          index,
          List.of());
    }
  }
}
