package org.snnk.statistics;

/**
 * The centred normal equations of least squares on features: (G + λI)W = C, b = ȳ − Wᵀφ̄.
 *
 * <p><b>Shapes</b>: gram m×m, cross m×k, featureMean m, targetMean k, targetGram k×k. <b>Scale</b>:
 * all second moments are divided by the total weight N, so λ is the penalty on the mean squared
 * error; targets stand as {@link Targets} made them (one-hot, or standardised).
 *
 * <p>Centring takes Σvφφᵀ − Nφ̄φ̄ᵀ in double-double arithmetic from the exact sums, so nothing
 * cancels before the one final rounding; the result is a function of the statistic, bit for bit.
 *
 * @param rows n
 * @param weight N = Σv
 * @param features m
 * @param targets k
 */
public record NormalEquations(
    long rows,
    double weight,
    int features,
    int targets,
    double[] gram,
    double[] cross,
    double[] featureMean,
    double[] targetMean,
    double[] targetGram) {

  /** Reads them off a statistic whose sums are canonical. */
  static NormalEquations of(GramStatistics s) {
    int m = s.featurizer().map().features();
    Targets targets = s.targets();
    RightSide side = RightSide.of(s.rows(), m, targets, s.weightUnit(), (i, j) -> entry(s, i, j));
    DoubleDouble total = entry(s, m, m);
    DoubleDouble[] mean = new DoubleDouble[m];
    for (int j = 0; j < m; j++) {
      mean[j] = entry(s, j, m).over(total);
    }
    double[] gram = new double[m * m];
    for (int i = 0; i < m; i++) {
      for (int j = i; j < m; j++) {
        gram[i * m + j] = entry(s, i, j).over(total).minusProduct(mean[i], mean[j]).value();
        gram[j * m + i] = gram[i * m + j];
      }
    }
    return new NormalEquations(
        side.rows(),
        side.weight(),
        m,
        side.targets(),
        gram,
        side.cross(),
        side.featureMean(),
        side.targetMean(),
        side.targetGram());
  }

  private static DoubleDouble entry(GramStatistics s, int i, int j) {
    return DoubleDouble.sum(s.highPart(i, j), s.lowPart(i, j));
  }
}
