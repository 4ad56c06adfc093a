package org.snnk.image;

import java.util.Arrays;
import org.snnk.SnnkException;

/**
 * The gradient of a picture at its pixels, by the coordinates of {@link GrayImage}.
 *
 * <p><b>Shapes</b>: dx and dy width·height, row by row from the top; not copied.
 *
 * @param dx ∂/∂x, x to the right
 * @param dy ∂/∂y, y downwards
 */
public record ImageGradient(int width, int height, double[] dx, double[] dy) {
  /** The share of pixels that are at least as steep as what {@link #magnitude} draws white. */
  private static final double WHITE = 0.005;

  /** Checks the shapes. */
  public ImageGradient {
    GrayImage.requireShape(width, height, dx.length);
    GrayImage.requireShape(width, height, dy.length);
  }

  private double length(int i) {
    return Math.sqrt(dx[i] * dx[i] + dy[i] * dy[i]);
  }

  /** The magnitude that all but the steepest 0.5 % of pixels stay below: a scale to draw by. */
  public double scale() {
    double[] lengths = new double[dx.length];
    Arrays.setAll(lengths, this::length);
    Arrays.sort(lengths);
    return lengths[(int) ((1 - WHITE) * (lengths.length - 1))];
  }

  /**
   * |∇f| as a picture, 0 black and a scale and beyond white.
   *
   * @throws SnnkException unless the scale is positive
   */
  public GrayImage magnitude(double scale) {
    if (!(scale > 0)) {
      throw new SnnkException(
          "scale of a gradient", "a number > 0", scale + "", null, "The picture is flat.");
    }
    double[] shades = new double[dx.length];
    Arrays.setAll(shades, i -> length(i) / scale);
    return new GrayImage(width, height, shades);
  }

  /** √(Σ|∇f − ∇g|²/Σ|∇g|²), g being the truth. */
  public double relativeError(ImageGradient truth) {
    GrayImage.requireShape(truth.width, truth.height, dx.length);
    double off = 0;
    double all = 0;
    for (int i = 0; i < dx.length; i++) {
      double x = dx[i] - truth.dx[i];
      double y = dy[i] - truth.dy[i];
      off += x * x + y * y;
      all += truth.dx[i] * truth.dx[i] + truth.dy[i] * truth.dy[i];
    }
    return Math.sqrt(off / all);
  }
}
