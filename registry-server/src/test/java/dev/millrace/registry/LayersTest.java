package dev.millrace.registry;

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
import org.junit.jupiter.api.Test;

class LayersTest {
    private static final String[] RESOURCES = {
        "..tracking..",
        "..loggedmodels..",
        "..models..",
        "..artifacts..",
        "..drift..",
        "..access..",
        "..live..",
        "..webhooks.."
    };
    private static final String[] GROUND = {"..http..", "..search..", "..storage..", "..naming..", "..error.."};
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.millrace.registry");

    @Test
    void packagesHaveNoCycles() {
        slices().matching("dev.millrace.registry.(*)..")
                .should()
                .beFreeOfCycles()
                .check(CLASSES);
    }

    @Test
    void theGroundKnowsNoResource() {
        noClasses()
                .that()
                .resideInAnyPackage(GROUND)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(RESOURCES)
                .check(CLASSES);
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
                .resideOutsideOfPackage("..http..")
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
