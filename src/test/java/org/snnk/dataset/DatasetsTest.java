package org.snnk.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.snnk.SnnkException;

class DatasetsTest {

  @Test
  void columnsAreThoseThatUciDocuments() {
    assertThat(Datasets.HIGGS.columns()).hasSize(29);
    assertThat(Datasets.HIGGS.columnNames()).startsWith("label", "lepton_pT", "lepton_eta");
    assertThat(Datasets.HIGGS.columnNames()).endsWith("m_bb", "m_wbb", "m_wwbb");
    assertThat(Datasets.HEPMASS.columns()).hasSize(29);
    assertThat(Datasets.HEPMASS.headerLine()).startsWith("# label,f0,f1,").endsWith(",f26,mass");
    assertThat(Datasets.COVERTYPE.columns()).hasSize(55);
    assertThat(Datasets.COVERTYPE.columnNames()).endsWith("Soil_Type40", "Cover_Type");
    assertThat(Datasets.COVERTYPE.position("Wilderness_Area1")).isEqualTo(10);
    assertThat(Datasets.HIGGS.headerLine()).isEmpty();
  }

  @Test
  void labelsAreNoInputs() {
    assertThat(Datasets.HIGGS.inputs()).hasSize(28);
    assertThat(Datasets.HEPMASS.inputs()).hasSize(28);
    assertThat(Datasets.COVERTYPE.inputs()).hasSize(54);
    assertThat(Datasets.WIND_TURBINE.inputs()).hasSize(8);
    assertThat(Datasets.WIND_TURBINE.label()).isEqualTo("power");
    assertThat(Datasets.WIND_TURBINE.labels()).containsExactly("power", "thrust");
  }

  @Test
  void textsOfTheSameNumberAreTheSameClass() {
    assertThat(Datasets.HIGGS.classIndex("1.000000000000000000e+00")).isEqualTo(1);
    assertThat(Datasets.HIGGS.classIndex("0")).isZero();
    assertThat(Datasets.COVERTYPE.classIndex("7")).isEqualTo(6);
    assertThat(Datasets.COVERTYPE.classIndex("8")).isEqualTo(-1);
    assertThat(Datasets.COVERTYPE.classIndex("NaN")).isEqualTo(-1);
    assertThat(Datasets.COVERTYPE.classIndex("fir")).isEqualTo(-1);
  }

  @Test
  void everySetIsFoundByItsName() {
    for (DatasetDescriptor descriptor : Datasets.all()) {
      assertThat(Datasets.find(descriptor.name())).isSameAs(descriptor);
    }
  }

  @Test
  void anUnknownSetNamesTheNearest() {
    assertThatThrownBy(() -> Datasets.find("covertipe"))
        .isInstanceOf(SnnkException.class)
        .hasMessage(
            "data set: expected one of higgs, hepmass, covertype, wind-turbine, got 'covertipe'."
                + " Did you mean 'covertype'?");
  }

  @Test
  void anUnknownColumnNamesTheNearest() {
    assertThatThrownBy(() -> Datasets.HIGGS.position("m_wb"))
        .isInstanceOf(SnnkException.class)
        .hasMessage("data set 'higgs': expected a known column, got 'm_wb'. Did you mean 'm_bb'?");
  }

  @Test
  void partsThatDoNotFitAreRefused() {
    DatasetDescriptor good = Datasets.WIND_TURBINE;
    assertThatThrownBy(() -> withLabel(good, "powr", List.of()))
        .hasMessage(
            "data set 'wind-turbine': expected a known column, got 'powr'. Did you mean 'power'?");
    assertThatThrownBy(() -> withLabel(good, "power", List.of(new ClassLabel("0", "none"))))
        .hasMessageStartingWith(
            "data set 'wind-turbine': expected no classes for a regression, got 1.");
  }

  private static DatasetDescriptor withLabel(
      DatasetDescriptor good, String label, List<ClassLabel> classes) {
    return new DatasetDescriptor(
        good.name(),
        good.title(),
        good.task(),
        good.columns(),
        List.of(label),
        classes,
        good.header(),
        good.separator(),
        good.files(),
        good.split(),
        good.source());
  }
}
