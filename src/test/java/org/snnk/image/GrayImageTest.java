package org.snnk.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.WritableRaster;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.snnk.SnnkException;
import org.snnk.linalg.RowBlock;

class GrayImageTest {
  private static GrayImage read(byte[] png) {
    return GrayImage.readPng(new ByteArrayInputStream(png), "picture.png", 100);
  }

  private static GrayImage read(BufferedImage picture) throws IOException {
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    assertThat(ImageIO.write(picture, "png", png)).isTrue();
    return read(png.toByteArray());
  }

  private static BufferedImage of(int type, int argb) {
    BufferedImage picture = new BufferedImage(3, 2, type);
    for (int i = 0; i < 6; i++) {
      picture.setRGB(i % 3, i / 3, argb);
    }
    return picture;
  }

  /** A picture of samples of 16 bits. */
  private static BufferedImage of16Bits(int... pixel) {
    boolean alpha = pixel.length % 2 == 0;
    ComponentColorModel colours =
        new ComponentColorModel(
            ColorSpace.getInstance(pixel.length < 3 ? ColorSpace.CS_GRAY : ColorSpace.CS_sRGB),
            alpha,
            false,
            alpha ? Transparency.TRANSLUCENT : Transparency.OPAQUE,
            DataBuffer.TYPE_USHORT);
    WritableRaster raster = colours.createCompatibleWritableRaster(3, 2);
    for (int i = 0; i < 6; i++) {
      raster.setPixel(i % 3, i / 3, pixel);
    }
    return new BufferedImage(colours, raster, false, null);
  }

  @Test
  void aPngOfEightBitsIsReadAsItWasWritten() {
    double[] shades = new double[256];
    Arrays.setAll(shades, i -> i / 255.0);
    GrayImage picture = new GrayImage(32, 8, shades);
    assertThat(read(picture.toPng()).shades()).containsExactly(shades);
    GrayImage beyond = new GrayImage(2, 2, new double[] {-1, 0.4999, 0.5, 7});
    assertThat(read(beyond.toPng()).shades()).containsExactly(0, 127 / 255.0, 128 / 255.0, 1);
  }

  @Test
  void coloursTransparencyAndSixteenBitsBecomeShades() throws IOException {
    double red = 0.2126;
    assertShade(read(of(BufferedImage.TYPE_INT_RGB, 0xff0000)), red);
    assertShade(read(of(BufferedImage.TYPE_BYTE_INDEXED, 0xffff0000)), red);
    // Black that lets 3/5 of the white behind it through.
    assertShade(read(of(BufferedImage.TYPE_INT_ARGB, 102 << 24)), 0.6);
    assertShade(read(of16Bits(12345)), 12345 / 65535.0);
    assertShade(read(of16Bits(0, 0, 65535)), 0.0722);
    assertShade(read(of16Bits(0, 13107)), 0.8);
  }

  private static void assertShade(GrayImage picture, double expected) {
    for (double shade : picture.shades()) {
      assertThat(shade).isCloseTo(expected, within(1e-9));
    }
  }

  @Test
  void whatIsNoPictureIsToldInOneSentence() {
    byte[] text = "no picture at all".getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> read(text))
        .isInstanceOf(SnnkException.class)
        .hasMessage(
            "picture 'picture.png': expected a PNG file, got another kind, or an empty file."
                + " Convert it to PNG.");
    assertThatThrownBy(() -> read(new byte[0])).hasMessageContaining("or an empty file");
    byte[] whole = SampleImage.of(60).toPng();
    assertThatThrownBy(() -> read(Arrays.copyOf(whole, whole.length / 2)))
        .isInstanceOf(SnnkException.class)
        .hasMessageStartingWith("picture 'picture.png': expected a whole PNG file, got a damaged");
    assertThatThrownBy(() -> read(SampleImage.of(101).toPng()))
        .hasMessage(
            "picture 'picture.png': expected sides from 2 to 100 pixels, got 101×101. Scale it, or"
                + " set image.largestSide: time grows with the number of pixels.");
    assertThatThrownBy(() -> new GrayImage(1, 3, new double[3]))
        .hasMessage(
            "picture: expected sides of 2 pixels and more, and a number for each, got 1×3 with 3."
                + " Take a larger picture.");
  }

  /** A function of the coordinates, at the pixels. */
  private interface Surface {
    double at(double x, double y);
  }

  private static GrayImage of(int width, int height, Surface surface) {
    double[] flat = new double[width * height];
    double[] x = new GrayImage(width, height, flat).rows(0, flat.length).x();
    double[] shades = new double[flat.length];
    Arrays.setAll(shades, i -> surface.at(x[2 * i], x[2 * i + 1]));
    return new GrayImage(width, height, shades);
  }

  @Test
  void theGradientOfAPlaneIsItsSlopeEvenAtTheBorders() {
    ImageGradient gradient = of(30, 20, (x, y) -> 0.5 + 0.3 * x - 0.2 * y).gradient();
    for (int i = 0; i < 600; i++) {
      assertThat(gradient.dx()[i]).isCloseTo(0.3, within(1e-12));
      assertThat(gradient.dy()[i]).isCloseTo(-0.2, within(1e-12));
    }
    assertThat(gradient.scale()).isCloseTo(Math.hypot(0.3, 0.2), within(1e-12));
    assertThat(gradient.magnitude(gradient.scale()).shades()[7]).isCloseTo(1, within(1e-12));
    assertThatThrownBy(() -> gradient.magnitude(0))
        .hasMessage("scale of a gradient: expected a number > 0, got 0.0. The picture is flat.");
  }

  @Test
  void theGradientOfASineNearsItsDerivativeWithTheSquareOfTheStep() {
    double[] errors = new double[2];
    for (int refined = 0; refined < 2; refined++) {
      int side = 50 << refined;
      GrayImage picture = of(side, side, (x, y) -> Math.sin(4 * x + 3 * y));
      double[] x = picture.rows(0, side * side).x();
      double[] slope = new double[side * side];
      Arrays.setAll(slope, i -> Math.cos(4 * x[2 * i] + 3 * x[2 * i + 1]));
      ImageGradient gradient = picture.gradient();
      for (int i = 0; i < side * side; i++) {
        boolean inner = i % side > 0 && i % side < side - 1 && i / side > 0 && i / side < side - 1;
        if (inner) {
          errors[refined] = Math.max(errors[refined], Math.abs(gradient.dx()[i] - 4 * slope[i]));
          errors[refined] = Math.max(errors[refined], Math.abs(gradient.dy()[i] - 3 * slope[i]));
        }
      }
    }
    assertThat(errors[0]).isLessThan(0.03);
    assertThat(errors[0] / errors[1]).isBetween(3.7, 4.3);
  }

  @Test
  void rowsAreThePixelsAndTheirCoordinatesSpread() {
    GrayImage picture = of(40, 10, (x, y) -> x * y);
    RowBlock rows = picture.rows(0, 400);
    assertThat(rows.x()[0]).isCloseTo(-1 + 1 / 40.0, within(1e-15));
    assertThat(rows.x()[1]).isCloseTo(-0.25 + 1 / 40.0, within(1e-15));
    assertThat(picture.rows(399, 400).x())
        .containsExactly(new double[] {1 - 1 / 40.0, 0.25 - 1 / 40.0}, within(1e-15));
    assertThat(picture.rows(399, 400).index()).containsExactly(399);
    for (int j = 0; j < 2; j++) {
      double squares = 0;
      for (int i = 0; i < 400; i++) {
        squares += rows.x()[2 * i + j] * rows.x()[2 * i + j];
        assertThat(rows.y()[i]).isEqualTo(rows.x()[2 * i] * rows.x()[2 * i + 1]);
      }
      assertThat(picture.deviations()[j]).isCloseTo(Math.sqrt(squares / 400), within(1e-12));
    }
  }

  @Test
  void distancesAreThoseOfTheirDefinition() {
    GrayImage truth = SampleImage.of(20);
    double[] lighter = truth.shades().clone();
    Arrays.setAll(lighter, i -> lighter[i] + 0.1);
    double error = new GrayImage(20, 20, lighter).meanSquaredError(truth);
    assertThat(GrayImage.psnr(error)).isCloseTo(20, within(1e-9));
    assertThat(truth.isFlat()).isFalse();
    assertThat(new GrayImage(2, 2, new double[4]).isFlat()).isTrue();
    ImageGradient gradient = truth.gradient();
    assertThat(gradient.relativeError(gradient)).isZero();
    ImageGradient none = new ImageGradient(20, 20, new double[400], new double[400]);
    assertThat(none.relativeError(gradient)).isEqualTo(1);
  }
}
