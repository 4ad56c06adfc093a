package org.snnk.image;

/** A picture that is made from formulas: soft shapes, edges and stripes of several widths. */
public final class SampleImage {
  private SampleImage() {}

  /** The picture with a side of so many pixels: the same bytes on every machine. */
  public static GrayImage of(int side) {
    double[] shades = new double[side * side];
    for (int i = 0; i < shades.length; i++) {
      double x = (2 * (i % side) + 1) / (double) side - 1;
      double y = (2 * (i / side) + 1) / (double) side - 1;
      shades[i] = Math.max(0, Math.min(1, shade(x, y)));
    }
    return new GrayImage(side, side, shades);
  }

  private static double shade(double x, double y) {
    double sky = 0.55 - 0.2 * y + 0.1 * StrictMath.sin(3 * x + 2 * y * y);
    double glow = 0.45 * StrictMath.exp(-(square(x - 0.45) + square(y + 0.45)) / 0.06);
    double disc = step(0.42 - StrictMath.hypot(x + 0.35, y - 0.15), 50);
    double rings = 0.5 + 0.35 * StrictMath.sin(34 * StrictMath.hypot(x + 0.35, y - 0.15));
    double board = step(0.3 - Math.max(Math.abs(x - 0.5), Math.abs(y - 0.45)), 60);
    double stripes = 0.35 + 0.25 * StrictMath.sin(26 * (x + 0.6 * y));
    double ground = sky + glow;
    double withDisc = ground + disc * (rings - ground);
    return withDisc + board * (stripes - withDisc);
  }

  /** From 0 to 1 about z = 0, of width 1/steepness. */
  private static double step(double z, double steepness) {
    return 1 / (1 + StrictMath.exp(-steepness * z));
  }

  private static double square(double z) {
    return z * z;
  }
}
