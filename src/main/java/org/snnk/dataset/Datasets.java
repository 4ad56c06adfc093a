package org.snnk.dataset;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.snnk.NearestName;
import org.snnk.SnnkException;

/**
 * The sets that are known by name.
 *
 * <p>Column names and class titles are those of UCI's documentation; where that has blanks,
 * underscores stand.
 */
public final class Datasets {
  private static final String CC_BY = "CC BY 4.0";
  private static final List<ClassLabel> BACKGROUND_SIGNAL =
      List.of(new ClassLabel("0", "background"), new ClassLabel("1", "signal"));

  /** UCI HIGGS (280): a Higgs boson beyond the Standard Model against top-quark pairs. */
  public static final DatasetDescriptor HIGGS =
      new DatasetDescriptor(
          "higgs",
          "HIGGS",
          Task.CLASSIFICATION,
          higgsColumns(),
          List.of("label"),
          BACKGROUND_SIGNAL,
          HeaderStyle.NONE,
          ',',
          List.of(new DataFile("HIGGS.csv.gz", 11_000_000, OptionalLong.of(2_816_407_858L))),
          new Split(
              Split.Kind.LAST_ROWS,
              500_000,
              "The last 500,000 rows test; many use the 500,000 before them for validation."),
          new Source(
              "https://archive.ics.uci.edu/dataset/280/higgs",
              "Whiteson, D. (2014). HIGGS [Dataset]. UCI Machine Learning Repository."
                  + " https://doi.org/10.24432/C5V312",
              CC_BY));

  /** UCI HEPMASS (347), the files "all": a resonance of one of five masses. */
  public static final DatasetDescriptor HEPMASS =
      new DatasetDescriptor(
          "hepmass",
          "HEPMASS",
          Task.CLASSIFICATION,
          hepmassColumns(),
          List.of("label"),
          BACKGROUND_SIGNAL,
          HeaderStyle.COMMENT,
          ',',
          List.of(
              new DataFile("all_train.csv.gz", 7_000_000, OptionalLong.empty()),
              new DataFile("all_test.csv.gz", 3_500_000, OptionalLong.empty())),
          new Split(Split.Kind.OWN_FILE, 3_500_000, "all_test.csv.gz tests."),
          new Source(
              "https://archive.ics.uci.edu/dataset/347/hepmass",
              "Whiteson, D. (2016). HEPMASS [Dataset]. UCI Machine Learning Repository."
                  + " https://doi.org/10.24432/C5PP5W",
              CC_BY));

  /** UCI Covertype (31): the tree that covers a cell of 30 m × 30 m in Colorado. */
  public static final DatasetDescriptor COVERTYPE =
      new DatasetDescriptor(
          "covertype",
          "Covertype",
          Task.CLASSIFICATION,
          covertypeColumns(),
          List.of("Cover_Type"),
          List.of(
              new ClassLabel("1", "Spruce/Fir"),
              new ClassLabel("2", "Lodgepole Pine"),
              new ClassLabel("3", "Ponderosa Pine"),
              new ClassLabel("4", "Cottonwood/Willow"),
              new ClassLabel("5", "Aspen"),
              new ClassLabel("6", "Douglas-fir"),
              new ClassLabel("7", "Krummholz")),
          HeaderStyle.NONE,
          ',',
          List.of(new DataFile("covtype.data.gz", 581_012, OptionalLong.empty())),
          new Split(
              Split.Kind.EVERY_FIFTH_ROW,
              116_203,
              "Rows whose index modulo 5 is 0 test. (The 1998 study took 11,340 rows for training,"
                  + " 3,780 for validation and 565,892 for the test; its training rows are of equal"
                  + " class shares.)"),
          new Source(
              "https://archive.ics.uci.edu/dataset/31/covertype",
              "Blackard, J. (1998). Covertype [Dataset]. UCI Machine Learning Repository."
                  + " https://doi.org/10.24432/C50K5N",
              CC_BY));

  /** A simulated wind turbine: electrical power, and the thrust on its tower. */
  public static final DatasetDescriptor WIND_TURBINE =
      new DatasetDescriptor(
          "wind-turbine",
          "Wind turbine (simulated)",
          Task.REGRESSION,
          List.of(
              new Column("wind_speed", ColumnType.DOUBLE, "m/s"),
              new Column("wind_direction", ColumnType.DOUBLE, "degree"),
              new Column("air_temperature", ColumnType.DOUBLE, "degree Celsius"),
              new Column("air_pressure", ColumnType.DOUBLE, "hPa"),
              new Column("turbulence_intensity", ColumnType.DOUBLE, ""),
              new Column("shear_exponent", ColumnType.DOUBLE, ""),
              new Column("yaw_error", ColumnType.DOUBLE, "degree"),
              new Column("blade_soiling", ColumnType.DOUBLE, ""),
              new Column("power", ColumnType.DOUBLE, "kW"),
              new Column("thrust", ColumnType.DOUBLE, "kN")),
          List.of("power", "thrust"),
          List.of(),
          HeaderStyle.NAMES,
          ',',
          List.of(),
          new Split(Split.Kind.EVERY_FIFTH_ROW, 0, "Rows whose index modulo 5 is 0 test."),
          new Source("", "Simulated by snnk-spark.", "Apache-2.0"));

  private static final List<DatasetDescriptor> ALL =
      List.of(HIGGS, HEPMASS, COVERTYPE, WIND_TURBINE);

  private Datasets() {}

  /** All known sets. */
  public static List<DatasetDescriptor> all() {
    return ALL;
  }

  /** Their names. */
  public static List<String> names() {
    return ALL.stream().map(DatasetDescriptor::name).toList();
  }

  /**
   * The set of a name.
   *
   * @throws SnnkException where there is none; it names the nearest
   */
  public static DatasetDescriptor find(String name) {
    for (DatasetDescriptor descriptor : ALL) {
      if (descriptor.name().equals(name)) {
        return descriptor;
      }
    }
    String remedy =
        NearestName.question(
            name, names(), "Use one of these, or name the columns of your own files.");
    throw new SnnkException(
        "data set", "one of " + String.join(", ", names()), "'" + name + "'", null, remedy);
  }

  private static List<Column> higgsColumns() {
    List<Column> columns = new ArrayList<>();
    columns.add(new Column("label", ColumnType.FLOAT, ""));
    List<String> names =
        new ArrayList<>(
            List.of(
                "lepton_pT",
                "lepton_eta",
                "lepton_phi",
                "missing_energy_magnitude",
                "missing_energy_phi"));
    for (int jet = 1; jet <= 4; jet++) {
      for (String quantity : List.of("pt", "eta", "phi", "b_tag")) {
        names.add("jet_" + jet + "_" + quantity);
      }
    }
    names.addAll(List.of("m_jj", "m_jjj", "m_lv", "m_jlv", "m_bb", "m_wbb", "m_wwbb"));
    // UCI's values are scaled by its authors, so none of them has a unit.
    names.forEach(name -> columns.add(new Column(name, ColumnType.FLOAT, "")));
    return columns;
  }

  private static List<Column> hepmassColumns() {
    List<Column> columns = new ArrayList<>();
    columns.add(new Column("label", ColumnType.FLOAT, ""));
    for (int i = 0; i <= 26; i++) {
      columns.add(new Column("f" + i, ColumnType.FLOAT, ""));
    }
    columns.add(new Column("mass", ColumnType.FLOAT, "GeV"));
    return columns;
  }

  private static List<Column> covertypeColumns() {
    List<Column> columns = new ArrayList<>();
    columns.add(new Column("Elevation", ColumnType.INT, "m"));
    columns.add(new Column("Aspect", ColumnType.INT, "degree"));
    columns.add(new Column("Slope", ColumnType.INT, "degree"));
    columns.add(new Column("Horizontal_Distance_To_Hydrology", ColumnType.INT, "m"));
    columns.add(new Column("Vertical_Distance_To_Hydrology", ColumnType.INT, "m"));
    columns.add(new Column("Horizontal_Distance_To_Roadways", ColumnType.INT, "m"));
    columns.add(new Column("Hillshade_9am", ColumnType.INT, "0-255"));
    columns.add(new Column("Hillshade_Noon", ColumnType.INT, "0-255"));
    columns.add(new Column("Hillshade_3pm", ColumnType.INT, "0-255"));
    columns.add(new Column("Horizontal_Distance_To_Fire_Points", ColumnType.INT, "m"));
    for (int i = 1; i <= 4; i++) {
      columns.add(new Column("Wilderness_Area" + i, ColumnType.INT, "0/1"));
    }
    for (int i = 1; i <= 40; i++) {
      columns.add(new Column("Soil_Type" + i, ColumnType.INT, "0/1"));
    }
    columns.add(new Column("Cover_Type", ColumnType.INT, ""));
    return columns;
  }
}
