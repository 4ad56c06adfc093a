package org.snnk.model;

import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.snnk.TestRows;
import org.snnk.feature.CosineFeatures;
import org.snnk.feature.FeatureFamily;
import org.snnk.feature.FeatureMap;
import org.snnk.feature.Featurizer;
import org.snnk.feature.Projection;
import org.snnk.linalg.Grid;
import org.snnk.linalg.RowBlock;
import org.snnk.solve.Readout;
import org.snnk.solve.RidgeSolver;
import org.snnk.statistics.GramStatistics;
import org.snnk.statistics.Moments;

/** What must be the same in every process: a statistic, the model solved from it, its scores. */
public final class ExactBytes {
  private ExactBytes() {}

  /** Prints the fingerprints. */
  public static void main(String[] arguments) throws NoSuchAlgorithmException {
    try (PrintStream out =
        new PrintStream(new java.io.FileOutputStream(java.io.FileDescriptor.out))) {
      out.println(fingerprints());
    }
  }

  static String fingerprints() throws NoSuchAlgorithmException {
    int d = 9;
    RowBlock rows = TestRows.reals(0, 5000, d, 2, true);
    Moments moments = new Moments(d, 2, 0);
    moments.add(rows);
    GramStatistics statistics =
        new GramStatistics(
            new Featurizer(
                moments.standardizer(), new CosineFeatures(d, 300, 3, Projection.ORTHOGONAL, 1)),
            moments.targets(),
            GramStatistics.weightExponent(moments.largestWeight()));
    statistics.add(rows);
    Readout readout = RidgeSolver.solve(statistics.normalEquations(), 1e-6);
    FullyBundledModel model =
        FullyBundledModel.of(
            List.of("a", "b", "c", "d", "e", "f", "g", "h", "i"),
            List.of("y", "z"),
            List.of(),
            statistics.featurizer(),
            statistics.targets(),
            readout.weights(),
            readout.intercept());
    double[] scores = new double[5000 * 2];
    model.scores(5000, rows.x(), scores, new FullyBundledModel.Workspace());
    ByteBuffer bytes = ByteBuffer.allocate(8 * scores.length);
    bytes.asDoubleBuffer().put(scores);
    String scored =
        HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes.array()));
    return statistics.fingerprint() + " " + model.fingerprint() + " " + scored + maps(rows.x());
  }

  /** Features of every map, with a projection of each kind. */
  private static String maps(double[] raw) throws NoSuchAlgorithmException {
    int d = 9;
    double[] x = new double[raw.length];
    for (int i = 0; i < x.length; i++) {
      x[i] = Math.rint(raw[i] * (1 << Grid.INPUT_BITS));
    }
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    for (String kind : FeatureFamily.kinds()) {
      for (String key : Projection.keys()) {
        if (kind.equals("cosine") || !key.equals("laplace")) {
          FeatureMap map =
              new FeatureFamily(kind, 66, Projection.of(key), List.of(), false, true)
                  .create(d, 3, 1);
          int m = map.features();
          double[] out = new double[700 * m];
          long clipped = map.map(700, x, out, m);
          ByteBuffer bytes = ByteBuffer.allocate(8 * out.length + 8);
          bytes.asDoubleBuffer().put(out);
          bytes.putLong(8 * out.length, clipped);
          digest.update(bytes.array());
        }
      }
    }
    return " " + HexFormat.of().formatHex(digest.digest());
  }
}
