package org.snnk.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The report in a headless Chromium: nothing runs over the edge, no labels lie upon each other, and
 * both schemes have their ground. The pictures are kept in target/report-examples.
 */
class ReportBrowserIT {
  private static final List<String> NAMES =
      List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome");

  /** Asks the page itself: its width, and the pairs of labels of a drawing that overlap. */
  private static final String MEASURE =
      """
      <script>
      const bad = [];
      for (const svg of document.querySelectorAll('svg')) {
        const boxes = [...svg.querySelectorAll('text')].map(t => [t, t.getBoundingClientRect()]);
        for (let i = 0; i < boxes.length; i++) for (let j = 0; j < i; j++) {
          const a = boxes[i][1], b = boxes[j][1];
          if (a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom)
            bad.push(boxes[i][0].textContent + '|' + boxes[j][0].textContent);
        }
      }
      parent.document.body.setAttribute('data-width', document.documentElement.scrollWidth);
      parent.document.body.setAttribute('data-overlaps', bad.join(';'));
      </script>
      """;

  @TempDir private Path folder;

  private static Optional<Path> browser() {
    String named = System.getProperty("snnk.test.browser", System.getenv("SNNK_BROWSER"));
    if (named != null) {
      return Optional.of(Path.of(named));
    }
    return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
        .flatMap(place -> NAMES.stream().map(name -> Path.of(place, name)))
        .filter(Files::isExecutable)
        .findFirst();
  }

  private String chromium(Path browser, List<String> options, Path page)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(browser.toString()));
    command.addAll(
        List.of(
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--hide-scrollbars",
            "--user-data-dir=" + folder.resolve("profile")));
    command.addAll(options);
    command.add(page.toUri().toString());
    Path output = folder.resolve("output");
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(output.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    boolean ended = process.waitFor(120, TimeUnit.SECONDS);
    process.destroy();
    assertThat(ended).as("the browser ends by itself").isTrue();
    return Files.readString(output, StandardCharsets.UTF_8);
  }

  private static String attribute(String dom, String name) {
    Matcher found = Pattern.compile("data-" + name + "=\"([^\"]*)\"").matcher(dom);
    assertThat(found.find()).as("the page was measured").isTrue();
    return found.group(1);
  }

  @ParameterizedTest
  @CsvSource({"390,false", "390,true", "1280,false", "1280,true"})
  void everyPageFitsAndItsLabelsDoNotOverlap(int width, boolean dark) throws Exception {
    Optional<Path> browser = browser();
    assumeTrue(
        browser.isPresent(),
        "skipped: no Chromium on the PATH; name one by -Dsnnk.test.browser or SNNK_BROWSER");
    Path pictures = Files.createDirectories(Path.of("target", "report-examples"));
    List<String> size = List.of("--window-size=" + width + ",2000");
    List<String> scheme = List.of("--blink-settings=preferredColorScheme=" + (dark ? 0 : 1));
    for (String name : List.of("binary", "multi", "regression", "comparison", "suite")) {
      String html = HtmlReportTest.pages().get(name);
      Path page = folder.resolve(name + ".html");
      Files.writeString(page, framed(html.replace("</body>", MEASURE + "</body>"), width));
      List<String> measure =
          Stream.of(scheme, List.of("--window-size=1400,2000", "--dump-dom"))
              .flatMap(List::stream)
              .toList();
      String dom = chromium(browser.get(), measure, page);
      assertThat(Integer.parseInt(attribute(dom, "width"))).as(name).isLessThanOrEqualTo(width);
      assertThat(attribute(dom, "overlaps")).as(name).isEmpty();
      Path picture = pictures.resolve(name + "-" + width + (dark ? "-dark" : "-light") + ".png");
      Files.writeString(page, html);
      List<String> shoot =
          Stream.of(size, scheme, List.of("--screenshot=" + picture.toAbsolutePath()))
              .flatMap(List::stream)
              .toList();
      String unused = chromium(browser.get(), shoot, page);
      checkPicture(ImageIO.read(picture.toFile()), width, dark);
    }
  }

  /** A page in a frame of a width that a window need not have. */
  private static String framed(String html, int width) {
    String escaped = html.replace("&", "&amp;").replace("\"", "&quot;");
    return "<!DOCTYPE html><html><body><iframe style=\"border:0\" width=\""
        + width
        + "\" height=\"2000\" srcdoc=\""
        + escaped
        + "\"></iframe></body></html>";
  }

  /** The corner shows the ground of the scheme; the rest of the page is not empty. */
  private static void checkPicture(BufferedImage picture, int width, boolean dark) {
    assertThat(picture.getWidth()).isEqualTo(width);
    int corner = picture.getRGB(2, 2) & 0xff;
    assertThat(corner < 0x60).as("a dark ground").isEqualTo(dark);
    long inked = 0;
    for (int y = 0; y < picture.getHeight(); y += 3) {
      for (int x = 0; x < width; x += 3) {
        inked += Math.abs((picture.getRGB(x, y) & 0xff) - corner) > 0x30 ? 1 : 0;
      }
    }
    assertThat(inked).isGreaterThan(2000);
  }
}
