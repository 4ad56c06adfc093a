package org.snnk;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Who may import whom, and what no room may do. */
class RoomsTest {
  private static final JavaClasses PROJECT =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("org.snnk");

  private static final String JOBS = "org.snnk.jobs..";
  private static final String[] ENGINE = {
    "org.apache.spark..", "org.apache.hadoop..", "scala..", "io.netty.."
  };

  /**
   * A room and what stands beyond its walls that it may use, besides the JDK and the root package.
   *
   * @param room its package
   * @param imports packages
   */
  record Wall(String room, String... imports) {
    ArchRule rule() {
      List<String> allowed = new ArrayList<>(List.of("java..", "org.snnk", room));
      allowed.addAll(List.of(imports));
      return classes()
          .that()
          .resideInAPackage(room)
          .should()
          .onlyDependOnClassesThat(resideInAnyPackage(allowed.toArray(String[]::new)))
          .allowEmptyShould(false);
    }

    @Override
    public String toString() {
      return room;
    }
  }

  private static String room(String name) {
    return "org.snnk." + name + "..";
  }

  static List<Wall> walls() {
    return List.of(
        new Wall("org.snnk"),
        new Wall(room("linalg"), "org.ejml..", "dev.ludovic.netlib.."),
        new Wall(room("random")),
        new Wall(room("activation"), room("linalg")),
        new Wall(room("feature"), room("linalg"), room("random"), room("activation")),
        new Wall(room("statistics"), room("linalg"), room("random"), room("feature")),
        new Wall("org.snnk.loss"),
        new Wall(
            room("network"),
            room("linalg"),
            room("random"),
            room("activation"),
            room("feature"),
            room("loss")),
        new Wall(room("solve"), room("linalg"), room("statistics")),
        new Wall(
            room("model"),
            room("linalg"),
            room("feature"),
            room("statistics"),
            room("loss"),
            room("network")),
        new Wall(room("metric"), room("linalg"), room("random")),
        new Wall(
            room("onnx"),
            room("linalg"),
            room("model"),
            "com.google.protobuf..",
            "com.fasterxml.jackson.."),
        new Wall("org.snnk.dataset"),
        new Wall(room("image"), room("linalg"), "javax.imageio.."),
        new Wall(room("dataset.simulation"), "org.snnk.dataset", room("random")),
        new Wall(
            room("report"),
            room("metric"),
            "org.snnk.dataset",
            "freemarker..",
            "com.fasterxml.jackson.."),
        new Wall(
            room("spark.data"),
            room("linalg"),
            room("statistics"),
            room("model"),
            room("dataset"),
            "org.apache.spark..",
            "org.apache.hadoop..",
            "scala..",
            "com.fasterxml.jackson.core.io",
            "com.univocity.."),
        new Wall(
            room("spark.train"),
            room("linalg"),
            room("random"),
            room("feature"),
            room("loss"),
            room("network"),
            room("statistics"),
            room("solve"),
            room("model"),
            room("metric"),
            room("spark.data"),
            "org.apache.spark..",
            "scala.."),
        new Wall(
            room("spark.peer"),
            room("linalg"),
            room("feature"),
            room("statistics"),
            room("metric"),
            room("spark.data"),
            room("spark.train"),
            "org.apache.spark..",
            "org.apache.hadoop..",
            "scala.."),
        new Wall(
            room("spark.ml"),
            room("linalg"),
            room("loss"),
            room("activation"),
            room("feature"),
            room("network"),
            room("statistics"),
            room("solve"),
            room("model"),
            room("spark.data"),
            room("spark.train"),
            "org.apache.spark..",
            "org.apache.hadoop..",
            "com.fasterxml.jackson..",
            "scala.."),
        new Wall(
            JOBS,
            "org.snnk..",
            "com.typesafe.config..",
            "picocli..",
            "dev.ludovic.netlib..",
            "com.fasterxml.jackson..",
            "org.apache.spark..",
            "org.apache.hadoop..",
            "scala.."));
  }

  @ParameterizedTest
  @MethodSource("walls")
  void aRoomUsesOnlyWhatItsWallLetsThrough(Wall wall) {
    wall.rule().check(PROJECT);
  }

  /** Takes every permission away: a wall that still holds would hold nothing. */
  @ParameterizedTest
  @MethodSource("walls")
  void aWallIsBrokenByARoomThatUsesMore(Wall wall) {
    if (wall.imports().length > 0) {
      assertThat(new Wall(wall.room()).rule().evaluate(PROJECT).hasViolation()).isTrue();
    }
  }

  @org.junit.jupiter.api.Test
  void everyClassLivesBehindAWall() {
    String[] rooms = walls().stream().map(Wall::room).toArray(String[]::new);
    classes()
        .should()
        .resideInAnyPackage(rooms)
        .because("a new room needs a wall in this test")
        .allowEmptyShould(false)
        .check(PROJECT);
  }

  /**
   * What no room may do, with a class of this test that does it.
   *
   * @param trespasser breaks the rule
   */
  record Ban(ArchRule rule, Class<?> trespasser) {
    @Override
    public String toString() {
      return rule.getDescription();
    }
  }

  static List<Ban> bans() {
    return List.of(
        new Ban(
            noClasses()
                .that()
                .resideOutsideOfPackages("org.snnk.spark..", JOBS)
                .should()
                .dependOnClassesThat(resideInAnyPackage(ENGINE)),
            Engine.class),
        new Ban(
            noClasses()
                .that()
                .resideOutsideOfPackage(JOBS)
                .should()
                .dependOnClassesThat(resideInAPackage(JOBS)),
            Employee.class),
        new Ban(
            noClasses()
                .that()
                .resideOutsideOfPackage("org.snnk.random..")
                .should()
                .dependOnClassesThat()
                .belongToAnyOf(Random.class, SplittableRandom.class, ThreadLocalRandom.class)
                .orShould()
                .callMethod(Math.class, "random")
                .orShould()
                .callMethod(StrictMath.class, "random"),
            Gambler.class),
        new Ban(
            noClasses()
                .that()
                .resideOutsideOfPackage(JOBS)
                .should()
                .callMethod(SparkSession.class, "builder"),
            Engine.class),
        new Ban(
            noClasses()
                .that()
                .resideOutsideOfPackage(JOBS)
                .should()
                .callMethod(System.class, "exit", int.class),
            Quitter.class),
        new Ban(
            noClasses()
                .that()
                .resideOutsideOfPackage(JOBS)
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .orShould()
                .callMethodWhere(target(name("printStackTrace"))),
            Talker.class),
        new Ban(
            noClasses().should().dependOnClassesThat().belongToAnyOf(ObjectInputStream.class),
            Unpacker.class),
        new Ban(noClasses().should().haveSimpleNameEndingWith("Utils"), RowUtils.class),
        new Ban(noClasses().should().haveSimpleNameEndingWith("Helper"), RowHelper.class),
        new Ban(noClasses().should().haveSimpleNameEndingWith("Manager"), RowManager.class));
  }

  @ParameterizedTest
  @MethodSource("bans")
  void noRoomDoesWhatIsBanned(Ban ban) {
    ban.rule().allowEmptyShould(false).check(PROJECT);
  }

  @ParameterizedTest
  @MethodSource("bans")
  void aBanCatchesWhoBreaksIt(Ban ban) {
    JavaClasses trespasser = new ClassFileImporter().importClasses(ban.trespasser());
    assertThat(trespasser).extracting(JavaClass::getName).hasSize(1);
    assertThat(ban.rule().evaluate(trespasser).hasViolation()).isTrue();
  }

  static final class Engine {
    static Object start() {
      return SparkSession.builder();
    }
  }

  static final class Employee {
    static Object employer() {
      return org.snnk.jobs.Main.class;
    }
  }

  static final class Gambler {
    static double draw() {
      return Math.random();
    }
  }

  static final class Quitter {
    static void leave() {
      System.exit(1);
    }
  }

  static final class Talker {
    static void talk() {
      System.err.println("something");
    }
  }

  static final class Unpacker {
    static Object unpack() throws IOException, ClassNotFoundException {
      try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(new byte[0]))) {
        return in.readObject();
      }
    }
  }

  static final class RowUtils {}

  static final class RowHelper {}

  static final class RowManager {}
}
