package org.snnk.image;

import java.io.Serializable;
import java.util.List;

/**
 * What a function gives at some pixels of a picture.
 *
 * @param index their numbers
 * @param shades its values
 * @param derivatives by x and y in turn, each coordinate in units of its standard deviation ({@link
 *     GrayImage#deviations})
 */
public record RenderedPixels(long[] index, double[] shades, double[] derivatives)
    implements Serializable {

  /**
   * The picture.
   *
   * @param truth a picture of the same shape
   * @param parts that hold each of its pixels once
   */
  public static GrayImage picture(GrayImage truth, List<RenderedPixels> parts) {
    double[] shades = new double[truth.shades().length];
    for (RenderedPixels part : parts) {
      for (int i = 0; i < part.index.length; i++) {
        shades[(int) part.index[i]] = part.shades[i];
      }
    }
    return new GrayImage(truth.width(), truth.height(), shades);
  }

  /** The gradient by the coordinates themselves; otherwise as {@link #picture}. */
  public static ImageGradient gradient(GrayImage truth, List<RenderedPixels> parts) {
    double[] deviations = truth.deviations();
    double[] dx = new double[truth.shades().length];
    double[] dy = new double[dx.length];
    for (RenderedPixels part : parts) {
      for (int i = 0; i < part.index.length; i++) {
        dx[(int) part.index[i]] = part.derivatives[2 * i] / deviations[0];
        dy[(int) part.index[i]] = part.derivatives[2 * i + 1] / deviations[1];
      }
    }
    return new ImageGradient(truth.width(), truth.height(), dx, dy);
  }
}
