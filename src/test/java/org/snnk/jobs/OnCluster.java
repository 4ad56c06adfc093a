package org.snnk.jobs;

import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Tests on a master and two worker processes from the project's own dependencies. */
abstract class OnCluster {
  static StandaloneCluster cluster;

  @BeforeAll
  static void start() throws IOException {
    cluster = StandaloneCluster.fromMavensSpark();
  }

  @AfterAll
  static void end() {
    cluster.close();
  }
}
