package org.snnk.image;

import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.IndexColorModel;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.List;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.snnk.SnnkException;
import org.snnk.linalg.RowBlock;

/**
 * A picture of one shade a pixel, from 0, black, to 1, white, and as a function of coordinates: x
 * to the right and y downwards from the middle, in halves of the longer side, so that this side
 * fills [−1, 1] and pixels are squares of side {@link #step}.
 *
 * <p>Shades are what the file's numbers say over their largest, with the display's curve left in
 * them. A colour's shade is 0.2126 R + 0.7152 G + 0.0722 B (the weights of ITU-R BT.709), also of
 * those numbers; what is transparent lies on white.
 *
 * @param shades width·height, row by row from the top; not copied
 */
public record GrayImage(int width, int height, double[] shades) {
  /** Sides of a picture that has a gradient. */
  private static final int LEAST_SIDE = 2;

  private static final double RED = 0.2126;
  private static final double GREEN = 0.7152;
  private static final double BLUE = 0.0722;
  private static final int WHITE = 255;

  /** Checks the shape. */
  public GrayImage {
    requireShape(width, height, shades.length);
  }

  static void requireShape(int width, int height, int numbers) {
    if (width < LEAST_SIDE || height < LEAST_SIDE || (long) width * height != numbers) {
      throw new SnnkException(
          "picture",
          "sides of 2 pixels and more, and a number for each",
          width + "×" + height + " with " + numbers,
          null,
          "Take a larger picture.");
    }
  }

  // ---- files ----

  /**
   * Reads a PNG of any kind that PNG has: grey, colours or a palette, 1 to 16 bits, with or without
   * transparency.
   *
   * @param name for messages
   * @param largestSide a longer side is refused before any pixel is read
   * @throws SnnkException if it is no PNG, damaged, or too large or small
   */
  public static GrayImage readPng(InputStream in, String name, int largestSide) {
    Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName("png");
    ImageReader reader = readers.next(); // every JDK has one
    try (MemoryCacheImageInputStream stream = new MemoryCacheImageInputStream(in)) {
      if (!isPng(reader, stream)) {
        throw new SnnkException(
            "picture '" + name + "'",
            "a PNG file",
            "another kind, or an empty file",
            null,
            "Convert it to PNG.");
      }
      reader.setInput(stream);
      int width = reader.getWidth(0);
      int height = reader.getHeight(0);
      if (Math.max(width, height) > largestSide || Math.min(width, height) < LEAST_SIDE) {
        throw new SnnkException(
            "picture '" + name + "'",
            "sides from " + LEAST_SIDE + " to " + largestSide + " pixels",
            width + "×" + height,
            null,
            "Scale it, or set image.largestSide: time grows with the number of pixels.");
      }
      return of(reader.read(0));
    } catch (IOException | RuntimeException damage) {
      if (damage instanceof SnnkException known) {
        throw known;
      }
      // The JDK's reader meets some damage with unchecked exceptions.
      SnnkException sentence =
          new SnnkException(
              "picture '" + name + "'",
              "a whole PNG file",
              "a damaged one (" + damage.getMessage() + ")",
              null,
              "Copy or convert it again.");
      sentence.addSuppressed(damage);
      throw sentence;
    } finally {
      reader.dispose();
    }
  }

  /** Whether it begins as a PNG does; the JDK's reader meets an empty one with an exception. */
  private static boolean isPng(ImageReader reader, MemoryCacheImageInputStream stream)
      throws IOException {
    try {
      return reader.getOriginatingProvider().canDecodeInput(stream);
    } catch (EOFException empty) {
      return false;
    }
  }

  private static GrayImage of(BufferedImage picture) {
    int width = picture.getWidth();
    int height = picture.getHeight();
    double[] shades = new double[width * height];
    ColorModel colours = picture.getColorModel();
    if (colours instanceof IndexColorModel) {
      // Also grey of fewer than 8 bits. The palette's entries are the file's own numbers.
      for (int i = 0; i < shades.length; i++) {
        int argb = picture.getRGB(i % width, i / width);
        double shade = shade((argb >> 16) & WHITE, (argb >> 8) & WHITE, argb & WHITE) / WHITE;
        shades[i] = onWhite(shade, (argb >>> 24) / (double) WHITE);
      }
      return new GrayImage(width, height, shades);
    }
    // The samples themselves: getRGB would take grey as linear light and cut 16 bits to 8.
    WritableRaster raster = picture.getRaster();
    int bands = raster.getNumBands();
    double[] most = new double[bands];
    for (int b = 0; b < bands; b++) {
      most[b] = Math.scalb(1.0, colours.getComponentSize(b)) - 1;
    }
    double[] pixel = new double[bands];
    for (int i = 0; i < shades.length; i++) {
      raster.getPixel(i % width, i / width, pixel);
      for (int b = 0; b < bands; b++) {
        pixel[b] /= most[b];
      }
      double shade = bands < 3 ? pixel[0] : shade(pixel[0], pixel[1], pixel[2]);
      shades[i] = onWhite(shade, colours.hasAlpha() ? pixel[bands - 1] : 1);
    }
    return new GrayImage(width, height, shades);
  }

  private static double shade(double red, double green, double blue) {
    return RED * red + GREEN * green + BLUE * blue;
  }

  private static double onWhite(double shade, double alpha) {
    return alpha * shade + (1 - alpha);
  }

  /** The bytes of a grey PNG of 8 bits, shades below 0 as black and above 1 as white. */
  public byte[] toPng() {
    BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
    WritableRaster raster = picture.getRaster();
    for (int i = 0; i < shades.length; i++) {
      double within = Math.max(0, Math.min(1, shades[i]));
      raster.setSample(i % width, i / width, 0, (int) Math.rint(within * WHITE));
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
      if (!ImageIO.write(picture, "png", out)) {
        throw new IllegalStateException("the JDK has no writer of PNG");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  // ---- a function of coordinates ----

  /** The distance of neighbouring pixels. */
  public double step() {
    return 2.0 / Math.max(width, height);
  }

  /** The standard deviations of x and y over all pixels. */
  public double[] deviations() {
    return new double[] {deviation(width), deviation(height)};
  }

  private double deviation(int side) {
    return step() * Math.sqrt(((double) side * side - 1) / 12);
  }

  /**
   * Pixels [from, to) as rows: inputs x and y, the shade as target, the pixel's number as index.
   */
  public RowBlock rows(int from, int to) {
    int n = to - from;
    double[] x = new double[2 * n];
    double[] y = new double[n];
    long[] index = new long[n];
    for (int i = 0; i < n; i++) {
      int pixel = from + i;
      int row = pixel / width;
      x[2 * i] = step() * (pixel % width + 0.5 - width / 2.0);
      x[2 * i + 1] = step() * (row + 0.5 - height / 2.0);
      y[i] = shades[pixel];
      index[i] = pixel;
    }
    return new RowBlock(n, 2, 1, x, y, null, index, List.of());
  }

  /** Finite differences: central ones, and at the borders one-sided. */
  public ImageGradient gradient() {
    double[] dx = new double[shades.length];
    double[] dy = new double[shades.length];
    for (int row = 0; row < height; row++) {
      for (int column = 0; column < width; column++) {
        int i = row * width + column;
        int left = Math.max(0, column - 1);
        int right = Math.min(width - 1, column + 1);
        int up = Math.max(0, row - 1);
        int down = Math.min(height - 1, row + 1);
        dx[i] =
            (shades[i - column + right] - shades[i - column + left]) / ((right - left) * step());
        dy[i] =
            (shades[down * width + column] - shades[up * width + column]) / ((down - up) * step());
      }
    }
    return new ImageGradient(width, height, dx, dy);
  }

  // ---- distances ----

  /** Whether all pixels have one shade. */
  public boolean isFlat() {
    for (double shade : shades) {
      if (shade != shades[0]) {
        return false;
      }
    }
    return true;
  }

  /** The mean squared difference of shades. */
  public double meanSquaredError(GrayImage truth) {
    requireShape(truth.width, truth.height, shades.length);
    double sum = 0;
    for (int i = 0; i < shades.length; i++) {
      double off = shades[i] - truth.shades[i];
      sum += off * off;
    }
    return sum / shades.length;
  }

  /** The peak signal-to-noise ratio −10 log₁₀ of a mean squared error, in dB. */
  public static double psnr(double meanSquaredError) {
    return -10 * StrictMath.log10(meanSquaredError);
  }
}
