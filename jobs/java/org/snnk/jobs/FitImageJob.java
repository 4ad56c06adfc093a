package org.snnk.jobs;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.snnk.SnnkException;
import org.snnk.activation.StandardActivation;
import org.snnk.feature.Projection;
import org.snnk.image.GrayImage;
import org.snnk.image.ImageGradient;
import org.snnk.image.RenderedPixels;
import org.snnk.image.SampleImage;
import org.snnk.linalg.RowBlock;
import org.snnk.model.NetworkModel;
import org.snnk.network.Bundling;
import org.snnk.network.Dense;
import org.snnk.network.Layer;
import org.snnk.network.Network;
import org.snnk.network.Siren;
import org.snnk.network.TrainedNetwork;
import org.snnk.report.ImageReport;
import org.snnk.report.RunRecord;
import org.snnk.spark.data.Roles;
import org.snnk.spark.train.Checkpoints;
import org.snnk.spark.train.NetworkTraining;
import org.snnk.spark.train.Phases;

/**
 * Fits networks to a picture, pixels being rows (x, y → shade), and draws what they and their
 * gradients are beside the truth (Scalable Neural Network Kernels, Section 4.2 and Figure 3).
 */
final class FitImageJob implements Job {
  private static final int VERSION = 1;
  private static final int INPUTS = 2;
  private static final int BLOCK_PIXELS = 2048;

  @Override
  public String name() {
    return "fit-image";
  }

  @Override
  public String description() {
    return "Fit a sine SNNK, a SIREN and a ReLU network to a PNG: fit.json, images/, report.html";
  }

  /** A network before it is trained. */
  private record Subject(String key, String title, TrainedNetwork start) {}

  @Override
  public void run(JobContext context) {
    GrayImage truth = truth(context);
    List<Subject> subjects = subjects(context, truth);
    NetworkSettings settings = new NetworkSettings(context);
    JobRecord record = new JobRecord(context);
    String name = context.get(Options.IMAGE_PATH).orElse("generated picture");
    String title = "Image fitting: " + name.substring(name.lastIndexOf('/') + 1);
    record.title(title);
    record.record().put("seed", context.get(Options.SEED));
    RunRecord fit = new RunRecord().put("format", "snnk-image-fit").put("version", VERSION);
    fit.put("title", title);
    describe(truth, name, fit);

    JavaSparkContext spark = context.javaSpark();
    int cores = spark.defaultParallelism();
    JavaRDD<RowBlock> pixels = spark.parallelize(blocks(truth), cores).cache();
    Map<String, byte[]> pictures = new LinkedHashMap<>();
    ImageGradient slope = truth.gradient();
    draw(pictures, "truth", truth, slope, slope.scale());
    for (Subject subject : subjects) {
      Phases phases = within(subject.key, TrainJob.phases(context));
      NetworkTraining.Options options = settings.fitting(subject.start, cores);
      Roles roles = new Roles(List.of("x", "y"), List.of("shade"), List.of(), null);
      long begin = System.nanoTime();
      NetworkTraining.Result result =
          NetworkTraining.train(pixels, roles, options, phases, Checkpoints.NONE);
      double seconds = (System.nanoTime() - begin) / 1e9;
      NetworkModel model = result.model();
      List<RenderedPixels> parts = phases.run("rendering", 0, () -> render(pixels, model));
      GrayImage value = RenderedPixels.picture(truth, parts);
      ImageGradient gradient = RenderedPixels.gradient(truth, parts);
      draw(pictures, subject.key, value, gradient, slope.scale());
      Map<String, Object> entry = outcome(subject, result, seconds, truth, value);
      entry.put("gradientError", gradient.relativeError(slope));
      fit.add("fits", "networks", entry);
      tell(context, entry);
      if (result.divergedAt().isPresent()) {
        record.warn(
            subject.title
                + ": training diverged at step "
                + result.divergedAt().getAsLong()
                + "; what is shown is epoch "
                + result.epoch()
                + ". Lower sgd.learningRate, or set sgd.clip.");
      }
    }
    write(context, record, fit, pictures);
  }

  private static void write(
      JobContext context, JobRecord record, RunRecord fit, Map<String, byte[]> pictures) {
    record.environment();
    OutputFolder output = context.output();
    pictures.forEach(
        (key, png) -> {
          try (OutputStream out = output.create("images/" + key + ".png")) {
            out.write(png);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
    output.write("run.json", record.record().text());
    output.write("fit.json", fit.text());
    ObjectNode run = record.record().toJson();
    output.write("report.html", ImageReport.render(run, fit.toJson(), pictures));
  }

  // ---- the picture ----

  private static GrayImage truth(JobContext context) {
    if (context.get(Options.IMAGE_PATH).isEmpty()) {
      return SampleImage.of(context.get(Options.IMAGE_SIDE));
    }
    String name = context.get(Options.IMAGE_PATH).get();
    context.output().refuseToReplace(Options.IMAGE_PATH.key(), name);
    GrayImage read;
    try {
      Path path = new Path(name);
      FileSystem files = path.getFileSystem(JobContext.hadoopConfiguration());
      if (files.exists(path) && files.getFileStatus(path).isDirectory()) {
        throw unreadable(context, name, "a folder");
      }
      try (InputStream in = files.open(path)) {
        read = GrayImage.readPng(in, name, context.get(Options.IMAGE_LARGEST_SIDE));
      }
    } catch (FileNotFoundException missing) {
      throw unreadable(context, name, "none");
    } catch (IOException | IllegalArgumentException failure) {
      throw unreadable(context, name, failure.getMessage());
    }
    if (read.isFlat()) {
      throw new SnnkException(
          "picture '" + name + "'",
          "more than one shade",
          "one",
          null,
          "There is nothing to fit: take another picture.");
    }
    return read;
  }

  private static SnnkException unreadable(JobContext context, String name, String got) {
    return context
        .settings()
        .error(
            Options.IMAGE_PATH,
            "a PNG file that can be read",
            got + " at '" + name + "'",
            "Check the path and its rights.");
  }

  private static void describe(GrayImage truth, String name, RunRecord fit) {
    fit.put("image", "name", name);
    fit.put("image", "width", truth.width());
    fit.put("image", "height", truth.height());
    fit.put("image", "pixels", truth.shades().length);
    fit.put("image", "gradientScale", truth.gradient().scale());
  }

  private static List<RowBlock> blocks(GrayImage truth) {
    List<RowBlock> blocks = new ArrayList<>();
    int pixels = truth.shades().length;
    for (int from = 0; from < pixels; from += BLOCK_PIXELS) {
      blocks.add(truth.rows(from, Math.min(pixels, from + BLOCK_PIXELS)));
    }
    return blocks;
  }

  // ---- the networks ----

  private static List<Subject> subjects(JobContext context, GrayImage truth) {
    int hidden = context.get(Options.IMAGE_HIDDEN_LAYERS);
    int width = context.get(Options.IMAGE_WIDTH);
    int features = context.get(Options.IMAGE_NUM_RANDOM_FEATURES);
    if (features % 2 != 0) {
      throw context
          .settings()
          .error(
              Options.IMAGE_NUM_RANDOM_FEATURES,
              "an even number",
              features + "",
              "Each draw has two features.");
    }
    long seed = context.get(Options.SEED);
    double[] deviations = truth.deviations();
    TrainedNetwork snnk =
        Siren.withSnnk(
            Siren.of(deviations, width, hidden, 1, seed), features, Projection.ORTHOGONAL, seed);
    int same = Siren.widthFor(snnk.network().parameters(), INPUTS, hidden, 1);
    return List.of(
        new Subject("snnk", "sine SNNK", snnk),
        new Subject("siren", "sine MLP (SIREN)", Siren.of(deviations, same, hidden, 1, seed)),
        new Subject("relu", "ReLU MLP", relu(same, hidden, seed)));
  }

  private static TrainedNetwork relu(int width, int hidden, long seed) {
    List<Layer> layers = new ArrayList<>();
    for (int l = 0; l < hidden; l++) {
      layers.add(new Dense(l == 0 ? INPUTS : width, width, true, StandardActivation.RELU));
    }
    layers.add(new Dense(width, 1, true, StandardActivation.LINEAR));
    Network network = new Network(layers);
    return new TrainedNetwork(network, network.initial(seed));
  }

  private static Phases within(String key, Phases phases) {
    return new Phases() {
      @Override
      public <T> T run(String name, long rows, Supplier<T> work) {
        return phases.run(key + ": " + name, rows, work);
      }
    };
  }

  // ---- what they became ----

  private static List<RenderedPixels> render(JavaRDD<RowBlock> pixels, NetworkModel model) {
    Broadcast<NetworkModel> sent =
        JavaSparkContext.fromSparkContext(pixels.context()).broadcast(model);
    try {
      return pixels
          .map(
              block -> {
                double[] shades = new double[block.rows()];
                sent.value().scorer().scores(block.rows(), block.x(), shades);
                double[] derivatives = sent.value().gradients(block.rows(), block.x());
                return new RenderedPixels(block.index(), shades, derivatives);
              })
          .collect();
    } finally {
      sent.destroy();
    }
  }

  private static void draw(
      Map<String, byte[]> pictures,
      String key,
      GrayImage value,
      ImageGradient gradient,
      double scale) {
    pictures.put(key, value.toPng());
    pictures.put(key + "-gradient", gradient.magnitude(scale).toPng());
  }

  private static Map<String, Object> outcome(
      Subject subject,
      NetworkTraining.Result result,
      double seconds,
      GrayImage truth,
      GrayImage value) {
    TrainedNetwork trained = new TrainedNetwork(result.network(), result.parameters());
    int last = result.network().layers().size() - 2;
    Map<String, Object> entry = new LinkedHashMap<>();
    entry.put("key", subject.key);
    entry.put("name", subject.title);
    entry.put("layers", result.network().layers().stream().map(Layer::describe).toList());
    entry.put("parameters", result.network().parameters());
    entry.put(
        "bundledParameters",
        Bundling.collapses(result.network(), last)
            ? Bundling.collapse(trained, last).network().parameters()
            : result.network().parameters());
    entry.put("psnrBefore", GrayImage.psnr(initialError(subject, result, truth)));
    entry.put("meanSquaredError", value.meanSquaredError(truth));
    entry.put("psnr", GrayImage.psnr(value.meanSquaredError(truth)));
    entry.put("seconds", seconds);
    entry.put("epochs", result.curve().size());
    double scale = result.targets().scale(0);
    entry.put(
        "curve", result.curve().stream().map(point -> point.training() * scale * scale).toList());
    return entry;
  }

  /** The mean squared error with the parameters that training began with. */
  private static double initialError(
      Subject subject, NetworkTraining.Result result, GrayImage truth) {
    int pixels = truth.shades().length;
    double[] shades = new double[pixels];
    NetworkModel before = result.model().with(subject.start);
    before.scorer().scores(pixels, truth.rows(0, pixels).x(), shades);
    return new GrayImage(truth.width(), truth.height(), shades).meanSquaredError(truth);
  }

  private static void tell(JobContext context, Map<String, Object> entry) {
    context
        .out()
        .printf(
            Locale.ROOT,
            "%-18s %6d parameters  PSNR %5.2f dB  gradient off by %4.1f %%  %5.1f s%n",
            entry.get("name"),
            (int) entry.get("parameters"),
            (double) entry.get("psnr"),
            100 * (double) entry.get("gradientError"),
            (double) entry.get("seconds"));
  }
}
