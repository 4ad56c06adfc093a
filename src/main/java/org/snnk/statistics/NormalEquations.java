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

  /**
   * The same rows with some of the targets, in the order given: what is left of a target does not
   * depend on the others.
   *
   * @param kept positions, from 0
   */
  public NormalEquations select(int... kept) {
    int count = kept.length;
    double[] keptCross = new double[features * count];
    double[] keptMean = new double[count];
    double[] keptGram = new double[count * count];
    for (int t = 0; t < count; t++) {
      for (int i = 0; i < features; i++) {
        keptCross[i * count + t] = cross[i * targets + kept[t]];
      }
      keptMean[t] = targetMean[kept[t]];
      for (int u = 0; u < count; u++) {
        keptGram[t * count + u] = targetGram[kept[t] * targets + kept[u]];
      }
    }
    return new NormalEquations(
        rows, weight, features, count, gram, keptCross, featureMean, keptMean, keptGram);
  }

  private static DoubleDouble entry(GramStatistics s, int i, int j) {
    return DoubleDouble.sum(s.highPart(i, j), s.lowPart(i, j));
  }
}
