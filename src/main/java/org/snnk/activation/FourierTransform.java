package org.snnk.activation;

/** The discrete Fourier transform of a power of two of complex numbers. */
final class FourierTransform {
  private FourierTransform() {}

  /**
   * Xₖ = Σₙ xₙ e^(−2πi kn/N), in place (Cooley and Tukey 1965); the inverse without 1/N is the same
   * with real and imaginary parts exchanged.
   *
   * <p><b>Cost</b>: 5N log₂ N flops. <b>Deterministic</b>: the same bits everywhere.
   */
  static void transform(double[] re, double[] im) {
    int n = re.length;
    int bits = Integer.numberOfTrailingZeros(n);
    for (int i = 0; i < n; i++) {
      int j = bits == 0 ? 0 : Integer.reverse(i) >>> (32 - bits);
      if (j > i) {
        double r = re[i];
        re[i] = re[j];
        re[j] = r;
        double s = im[i];
        im[i] = im[j];
        im[j] = s;
      }
    }
    double[] cos = new double[n / 2];
    double[] sin = new double[n / 2];
    for (int k = 0; k < n / 2; k++) {
      cos[k] = StrictMath.cos(2 * Math.PI * k / n);
      sin[k] = -StrictMath.sin(2 * Math.PI * k / n);
    }
    for (int half = 1; half < n; half *= 2) {
      int stride = n / (2 * half);
      for (int first = 0; first < n; first += 2 * half) {
        for (int k = 0; k < half; k++) {
          int a = first + k;
          int b = a + half;
          double c = cos[k * stride];
          double s = sin[k * stride];
          double r = re[b] * c - im[b] * s;
          double t = re[b] * s + im[b] * c;
          re[b] = re[a] - r;
          im[b] = im[a] - t;
          re[a] += r;
          im[a] += t;
        }
      }
    }
  }
}
