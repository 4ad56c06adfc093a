package org.snnk.spark.train;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.snnk.SnnkException;
import org.snnk.feature.Projection;
import org.snnk.feature.Standardizer;
import org.snnk.feature.UniversalRandomFeatures;
import org.snnk.linalg.RowBlock;
import org.snnk.loss.Loss;
import org.snnk.model.Model;
import org.snnk.model.NetworkModel;
import org.snnk.network.Bundling;
import org.snnk.network.Dense;
import org.snnk.network.Network;
import org.snnk.network.TrainedNetwork;
import org.snnk.spark.data.Roles;
import org.snnk.statistics.Moments;

/**
 * Bundles layers of a trained network on the rows that it sees: what layers take and give streams
 * through the statistics where the rows lie and is never stored.
 *
 * <p>Layers are counted from 0 in a network without dropout; the last one is the output. All but it
 * are hidden layers.
 */
public final class NetworkBundling {
  private final JavaRDD<RowBlock> rows;
  private final Roles roles;
  private final Phases phases;

  /**
   * Bundling on some rows.
   *
   * @param rows that the network is used on, of a table with these roles; passed over once for each
   *     layer that becomes towers, and as often as a training does for each that is learned
   */
  public NetworkBundling(JavaRDD<RowBlock> rows, Roles roles, Phases phases) {
    this.rows = rows;
    this.roles = roles;
    this.phases = phases;
  }

  /** How many layers of a network without dropout can be bundled: all but the output. */
  public static int hiddenLayers(NetworkModel model) {
    return model.network().layers().size() - 1;
  }

  /**
   * The model with as many pairs of layers multiplied as asked for.
   *
   * @param count of pairs, at most those there are
   * @param fromBack whether the pair nearest to the output is taken first
   */
  public static NetworkModel collapsed(NetworkModel model, int count, boolean fromBack) {
    TrainedNetwork network = model.trained();
    for (int done = 0; done < count; done++) {
      network = Bundling.collapse(network, nextPair(network.network(), fromBack));
    }
    return model.with(network);
  }

  /** How many pairs of layers multiply. */
  public static int pairs(NetworkModel model) {
    TrainedNetwork network = model.trained();
    int count = 0;
    for (int pair; (pair = nextPair(network.network(), true)) >= 0; count++) {
      network = Bundling.collapse(network, pair);
    }
    return count;
  }

  private static int nextPair(Network network, boolean fromBack) {
    int last = network.layers().size() - 2;
    for (int i = 0; i <= last; i++) {
      int l = fromBack ? last - i : i;
      if (Bundling.collapses(network, l)) {
        return l;
      }
    }
    return -1;
  }

  // ---- towers ----

  /**
   * What the towers of universal random features are made of.
   *
   * @param numRandomFeatures m, even
   * @param bandLimit the largest frequency of activations that have a density of them
   * @param projection how directions are drawn
   */
  public record Towers(int numRandomFeatures, double bandLimit, Projection projection, long seed) {}

  /**
   * The model with hidden layers [from, to) replaced by towers, one after the other from the front:
   * each is made for the norms that rows have where it stands, behind those that were replaced.
   *
   * @throws org.snnk.feature.InfeasibleReplacementException if norms are too large for any
   *     affordable number of features
   * @throws SnnkException if a layer is neither dense nor multiplies with the next
   */
  public NetworkModel towers(NetworkModel model, int from, int to, Towers towers) {
    NetworkModel current = model;
    int at = from; // where the layer to bundle next stands in the current network
    for (int l = from; l < to; l++) {
      if (Bundling.collapses(current.network(), at)) {
        current = current.with(Bundling.collapse(current.trained(), at));
        continue;
      }
      double unitNorm = Bundling.unitNorm(current.trained(), at);
      NetworkModel measured = current;
      int layer = at;
      double inputNorm = phases.run("norms", 0, () -> inputNorm(measured, layer));
      Dense dense = (Dense) current.network().layers().get(at);
      UniversalRandomFeatures kernel =
          UniversalRandomFeatures.of(dense.activation(), dense.inputs(), towers.numRandomFeatures)
              .norms(inputNorm, unitNorm)
              .bandLimit(towers.bandLimit)
              .projection(towers.projection)
              .optimalExponent()
              .seed(towers.seed + l)
              .build();
      kernel.requireAffordable();
      int before = current.network().layers().size();
      current = current.with(Bundling.universal(current.trained(), at, kernel));
      at += current.network().layers().size() > before ? 2 : 1;
    }
    return current;
  }

  /** The root of the mean squared norm of what a layer takes. */
  private double inputNorm(NetworkModel model, int layer) {
    Moments moments =
        moments(new Stretch(model, layer, model, layer, null, Double.NEGATIVE_INFINITY));
    double sum = 0;
    for (int j = 0; j < model.network().layers().get(layer).inputs(); j++) {
      sum += moments.mean(j) * moments.mean(j) + moments.deviation(j) * moments.deviation(j);
    }
    return Math.sqrt(sum);
  }

  // ---- transfer ----

  /**
   * How layers are learned.
   *
   * @param each whether every layer becomes one of its own; else all become one together
   * @param leastProbability of a class: what the output is taught are log-probabilities, none below
   *     its logarithm, since squared errors would else be spent on how improbable the improbable
   *     is; 0 for the scores as they are
   * @param fit the feature map and the regression
   */
  public record Transfer(boolean each, double leastProbability, ClosedFormTraining.Options fit) {}

  /**
   * A layer that was learned.
   *
   * @param from the first layer of the teacher that it stands for
   * @param to the one after the last
   * @param explained share of the variance of the teacher's outputs on the validation part, the
   *     mean over outputs; NaN without one
   */
  public record Learned(int from, int to, double lengthScale, double lambda, double explained) {}

  /** A student and its learned layers. */
  public record Student(NetworkModel model, List<Learned> layers) {}

  /**
   * The model with hidden layers [from, to) learned from what they take and give, in closed form,
   * with no gradient: features of what the student gives there, regressed on what the teacher gives
   * (EUGens, Section "knowledge transfer"; Scalable Neural Network Kernels, Appendix E). With the
   * last hidden layer the output is learned too, since both multiply. Where the read-out meets a
   * dense layer and that saves parameters, they multiply.
   */
  public Student transfer(NetworkModel teacher, int from, int to, Transfer transfer) {
    int hidden = hiddenLayers(teacher);
    TrainedNetwork whole = teacher.trained();
    NetworkModel student = teacher;
    List<Learned> learned = new ArrayList<>();
    int at = from; // where the student goes on
    int pieces = transfer.each ? to - from : 1;
    for (int piece = 0; piece < pieces; piece++) {
      int first = transfer.each ? from + piece : from;
      int behind = transfer.each ? first + 1 : to;
      int end = behind == hidden ? hidden + 1 : behind;
      TrainedNetwork made = learn(teacher, student, at, first, end, transfer, learned);
      TrainedNetwork head = at == 0 ? made : student.trained().slice(0, at).replace(at, at, made);
      at = head.network().layers().size();
      TrainedNetwork all = end > hidden ? head : head.replace(at, at, whole.slice(end, hidden + 1));
      student = teacher.with(all);
    }
    TrainedNetwork network = student.trained();
    if (at < network.network().layers().size() && Bundling.collapses(network.network(), at - 1)) {
      TrainedNetwork product = Bundling.collapse(network, at - 1);
      student =
          product.network().size() < network.network().size() ? teacher.with(product) : student;
    }
    return new Student(student, learned);
  }

  private TrainedNetwork learn(
      NetworkModel teacher,
      NetworkModel student,
      int at,
      int first,
      int end,
      Transfer transfer,
      List<Learned> learned) {
    int layers = teacher.network().layers().size();
    boolean scores = end == layers && teacher.isClassifier() && transfer.leastProbability > 0;
    double least = scores ? Math.log(transfer.leastProbability) : Double.NEGATIVE_INFINITY;
    Stretch whole = new Stretch(student, at, teacher, end, null, least);
    Moments seen = phases.run("outputs of layers", 0, () -> moments(whole));
    // A unit that never fires has nothing to learn from.
    int[] kept =
        IntStream.range(0, whole.outputs())
            .filter(t -> seen.targetMin(t) < seen.targetMax(t))
            .toArray();
    if (kept.length == 0) {
      throw new SnnkException(
          "outputs of layer " + end,
          "different values on the rows",
          "the same in every row",
          null,
          "Look at the teacher: it gives one answer to everything.");
    }
    Stretch stretch = new Stretch(student, at, teacher, end, kept, least);
    double[] sizes = Bundling.inputWeights(teacher.trained(), first);
    ClosedFormTraining.Result result =
        fit(
            stretch,
            transfer.fit,
            moments -> first == 0 ? moments.standardizer() : scale(moments, sizes));
    int k = whole.outputs();
    int m = result.readout().features();
    double[] weights = new double[m * k];
    double[] intercept = new double[k];
    for (int t = 0; t < k; t++) {
      intercept[t] = seen.targetMin(t);
    }
    for (int c = 0; c < kept.length; c++) {
      double scale = result.model().targets().scale(c);
      intercept[kept[c]] =
          result.model().targets().mean(c) + scale * result.readout().intercept()[c];
      for (int i = 0; i < m; i++) {
        weights[i * k + kept[c]] = scale * result.readout().weights()[i * kept.length + c];
      }
    }
    double explained =
        result.penalties().isEmpty()
            ? Double.NaN
            : 1 - ClosedFormTraining.best(result.penalties()).validationError() / kept.length;
    learned.add(
        new Learned(
            first,
            end,
            result.model().featurizer().map().lengthScale(),
            result.readout().lambda(),
            explained));
    return Bundling.learned(result.model().featurizer(), weights, intercept);
  }

  /**
   * One scale for all units, times how much each weighs in the teacher's layer: a unit that hardly
   * ever fires is not blown up to the size of the others.
   */
  private static Standardizer scale(Moments moments, double[] sizes) {
    double[] mean = new double[sizes.length];
    double[] factor = new double[sizes.length];
    double sum = 0;
    for (int j = 0; j < sizes.length; j++) {
      mean[j] = moments.mean(j);
      sum += Math.pow(sizes[j] * moments.deviation(j), 2);
    }
    double unit = sum > 0 ? Math.sqrt(sizes.length / sum) : 1;
    for (int j = 0; j < sizes.length; j++) {
      factor[j] = sizes[j] * unit;
    }
    return new Standardizer(mean, factor);
  }

  private ClosedFormTraining.Result fit(
      Stretch stretch, ClosedFormTraining.Options options, Function<Moments, Standardizer> scales) {
    Broadcast<Stretch> sent = JavaSparkContext.fromSparkContext(rows.context()).broadcast(stretch);
    try {
      return ClosedFormTraining.train(flow(sent), stretch.roles(roles), options, phases, scales);
    } finally {
      sent.destroy();
    }
  }

  private Moments moments(Stretch stretch) {
    Broadcast<Stretch> sent = JavaSparkContext.fromSparkContext(rows.context()).broadcast(stretch);
    try {
      return ClosedFormTraining.moments(flow(sent), stretch.roles(roles));
    } finally {
      sent.destroy();
    }
  }

  private JavaRDD<RowBlock> flow(Broadcast<Stretch> sent) {
    return rows.mapPartitions(blocks -> new Flow(blocks, sent.value()));
  }

  /**
   * Layers whose inputs and outputs are looked at.
   *
   * @param student gives the inputs: what its first {@code at} layers give
   * @param teacher gives the targets: what its first {@code end} layers give
   * @param kept which of them; null for all
   * @param least bound of log-probabilities; −∞ for outputs as they are
   */
  private record Stretch(
      NetworkModel student, int at, NetworkModel teacher, int end, int[] kept, double least)
      implements Serializable {

    private static int width(NetworkModel model, int layers) {
      return layers == 0
          ? model.network().inputs()
          : model.network().layers().get(layers - 1).outputs();
    }

    int inputs() {
      return width(student, at);
    }

    int outputs() {
      return width(teacher, end);
    }

    int targets() {
      return kept == null ? outputs() : kept.length;
    }

    /** Columns of a table of regression. */
    Roles roles(Roles table) {
      return new Roles(
          names("input", inputs()), names("output", targets()), List.of(), table.weight());
    }

    private static List<String> names(String what, int count) {
      return IntStream.range(0, count).mapToObj(i -> what + "[" + i + "]").toList();
    }
  }

  /** Blocks of what layers take and give, made one at a time. */
  private static final class Flow implements Iterator<RowBlock> {
    private final Iterator<RowBlock> blocks;
    private final Stretch stretch;
    private final Model.Scorer inputs;
    private final Model.Scorer outputs;

    Flow(Iterator<RowBlock> blocks, Stretch stretch) {
      this.blocks = blocks;
      this.stretch = stretch;
      this.inputs = stretch.student.outputs(stretch.at);
      this.outputs = stretch.teacher.outputs(stretch.end);
    }

    @Override
    public boolean hasNext() {
      return blocks.hasNext();
    }

    @Override
    public RowBlock next() {
      RowBlock block = blocks.next();
      int n = block.rows();
      double[] x = new double[n * stretch.inputs()];
      double[] y = new double[n * stretch.outputs()];
      inputs.scores(n, block.x(), x);
      outputs.scores(n, block.x(), y);
      if (stretch.least > Double.NEGATIVE_INFINITY) {
        Loss.logSoftmax(n, stretch.outputs(), stretch.least, y);
      }
      return new RowBlock(
          n,
          stretch.inputs(),
          stretch.targets(),
          x,
          stretch.kept == null ? y : take(n, y),
          block.weight(),
          block.index(),
          block.rejected());
    }

    private double[] take(int n, double[] y) {
      int k = stretch.kept.length;
      double[] taken = new double[n * k];
      for (int i = 0; i < n; i++) {
        for (int c = 0; c < k; c++) {
          taken[i * k + c] = y[i * stretch.outputs() + stretch.kept[c]];
        }
      }
      return taken;
    }
  }
}
