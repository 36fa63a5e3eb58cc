package dev.millrace.registry.boot;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.javalin.http.Context;
import java.util.List;
import org.junit.jupiter.api.Test;

class LayersTest {
    /** From the top; each knows only what stands below it. */
    private static final List<String> GROUPS =
            List.of("boot", "operations", "lake", "outbound", "resource", "security", "platform");

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.millrace.registry");

    @Test
    void packagesHaveNoCycles() {
        slices().matching("dev.millrace.registry.(**)")
                .should()
                .beFreeOfCycles()
                .check(CLASSES);
    }

    @Test
    void groupsKnowOnlyWhatStandsBelowThem() {
        for (int i = 1; i < GROUPS.size(); i++) {
            noClasses()
                    .that()
                    .resideInAPackage(of(GROUPS.get(i)))
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            GROUPS.subList(0, i).stream().map(LayersTest::of).toArray(String[]::new))
                    .check(CLASSES);
        }
    }

    @Test
    void everyClassIsInAGroup() {
        classes()
                .that()
                .doNotHaveSimpleName("package-info")
                .should()
                .resideInAnyPackage(GROUPS.stream().map(LayersTest::of).toArray(String[]::new))
                .check(CLASSES);
    }

    private static String of(String group) {
        return "dev.millrace.registry." + group + "..";
    }

    @Test
    void routesKnowNoSql() {
        noClasses()
                .that()
                .haveSimpleNameEndingWith("Routes")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.jdbi..", "java.sql..")
                .check(CLASSES);
    }

    @Test
    void servicesKnowNoHttp() {
        noClasses()
                .that()
                .haveSimpleNameEndingWith("Service")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.javalin..", "jakarta.servlet..")
                .check(CLASSES);
    }

    /** {@code Bodies.json} knows limits; Javalin's own ways take whatever comes. */
    @Test
    void bodiesAreReadInOnePlace() {
        noClasses()
                .that()
                .resideOutsideOfPackage("..platform.http..")
                .should()
                .callMethodWhere(
                        target(owner(assignableTo(Context.class))).and(target(nameMatching("body(As|Val|Str).*|body"))))
                .check(CLASSES);
    }

    @Test
    void repositoriesStayInTheirPackage() {
        classes()
                .that()
                .haveSimpleNameEndingWith("Repository")
                .should()
                .bePackagePrivate()
                .check(CLASSES);
    }

    @Test
    void repositoriesKnowNoRulesOfOthers() {
        noClasses()
                .that()
                .haveSimpleNameEndingWith("Repository")
                .should()
                .dependOnClassesThat()
                .haveSimpleNameEndingWith("Service")
                .check(CLASSES);
    }

    /** Models are programs: the server keeps them, and starts none. */
    @Test
    void nothingStartsPrograms() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .areAssignableTo(ProcessBuilder.class)
                .check(CLASSES);
        noClasses()
                .should()
                .callMethodWhere(target(owner(assignableTo(Runtime.class))).and(target(nameMatching("exec|load.*"))))
                .check(CLASSES);
    }

    @Test
    void nothingReadsJavaObjects() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.io.ObjectInputStream")
                .check(CLASSES);
    }
}
