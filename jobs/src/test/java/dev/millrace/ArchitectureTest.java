package dev.millrace;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The rooms of STYLE §1 and the doors between them. A new exception to a rule is a decision record. */
class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.millrace");

    @Test
    void dependenciesPointDown() {
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .withOptionalLayers(true)
                .layer("cli")
                .definedBy("dev.millrace.cli..")
                .layer("flow")
                .definedBy("dev.millrace.flow..")
                .layer("inspect")
                .definedBy("dev.millrace.inspect..")
                .layer("job")
                .definedBy("dev.millrace.job..")
                .layer("engine")
                .definedBy("dev.millrace.engine..")
                .layer("platform")
                .definedBy("dev.millrace.platform..")
                .whereLayer("cli")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("flow")
                .mayOnlyBeAccessedByLayers("cli")
                .whereLayer("inspect")
                .mayOnlyBeAccessedByLayers("cli")
                .whereLayer("job")
                .mayOnlyBeAccessedByLayers("cli", "flow", "inspect")
                .whereLayer("engine")
                .mayOnlyBeAccessedByLayers("cli", "flow", "inspect", "job")
                .check(CLASSES);
    }

    @ParameterizedTest
    @ValueSource(strings = {"flow", "job", "engine", "platform"})
    void roomsOfALayerHaveNoCycles(String layer) {
        slices().matching("dev.millrace." + layer + ".(*)..")
                .should()
                .beFreeOfCycles()
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    @Test
    void noJobImportsASibling() {
        slices().matching("dev.millrace.job.(*)..")
                .should()
                .notDependOnEachOther()
                .because("what two jobs share moves down, into a package named for what it is")
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    @Test
    void thePlatformOfAJobKnowsNoJob() {
        noClasses()
                .that()
                .resideInAPackage("dev.millrace.job")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.millrace.job.*..")
                .because("dev.millrace.job is what every job stands on")
                .check(CLASSES);
    }

    @ParameterizedTest
    @ValueSource(strings = {"drift", "window", "simulate", "search", "linkage", "measure"})
    void theseEnginesArePlainJava(String engine) {
        noClasses()
                .that()
                .resideInAPackage("dev.millrace.engine." + engine + "..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.apache.spark..")
                .because("numbers must not depend on a cluster, nor tests on a session")
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    @Test
    void noEngineHoldsASession() {
        noClasses()
                .that()
                .resideInAPackage("dev.millrace.engine..")
                .should()
                .dependOnClassesThat()
                .haveSimpleName("SparkSession")
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    @Test
    void nothingReadsJavaSerialisation() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.io.ObjectInputStream")
                .because("bytes from outside must not choose the classes that are made of them")
                .check(CLASSES);
    }

    @Test
    void everyPackageSaysWhatItIsFor() {
        List<String> silent =
                CLASSES.stream().collect(Collectors.groupingBy(JavaClass::getPackageName)).entrySet().stream()
                        .filter(room -> room.getValue().stream()
                                .noneMatch(type -> type.getSimpleName().equals("package-info")))
                        .map(room -> room.getKey())
                        .filter(room -> !java.nio.file.Files.exists(
                                java.nio.file.Path.of("src/main/java", room.replace('.', '/'), "package-info.java")))
                        .sorted()
                        .toList();

        assertThat(silent).as("packages without package-info.java").isEmpty();
    }
}
