package org.lnsd.rules;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;

/** What docs/ARCHITECTURE.md promises about modules: the protocol machines are pure, arrows point down only. */
class ArchitectureTest {
    private static final String[] PROTOCOL = {"org.lnsd.l2tp..", "org.lnsd.radius.."};
    private static final String[] PPP = {"org.lnsd.ppp.."};
    private static final String[] TUN = {"org.lnsd.tun.."};
    private static final String[] DAEMON = {"org.lnsd.daemon..", "org.lnsd.cli..", "org.lnsd.lac.."};

    private static final JavaClasses PRODUCT = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("org.lnsd");

    @Test
    void theModulesAreSeen() {
        for (String[] module : List.of(PROTOCOL, PPP, TUN, DAEMON)) {
            assertThat(PRODUCT.that(resideInAnyPackage(module))).as(module[0]).isNotEmpty();
        }
    }

    @Test
    void protocolMachinesAreFreeOfSocketsThreadsClocksRandomSourcesAndLoggers() {
        noSocketsOrLoggers(PROTOCOL).check(PRODUCT);
        noSocketsOrLoggers(PPP).check(PRODUCT);
        noTimeOrChance(PROTOCOL).check(PRODUCT);
        noTimeOrChance(PPP).check(PRODUCT);
    }

    @Test
    void protocolAndPppUseOnlyTheJdkAndBuffersAndNotEachOther() {
        only(PROTOCOL, "java..", "javax.crypto..", "io.netty.buffer..", "io.netty.util..", "org.jspecify..")
                .check(PRODUCT);
        only(PPP, "java..", "javax.crypto..", "io.netty.buffer..", "io.netty.util..", "org.jspecify..",
                "org.bouncycastle..").check(PRODUCT);
    }

    @Test
    void tunStandsAlone() { only(TUN, "java..", "sun.misc..", "jnr.ffi..", "org.jspecify..").check(PRODUCT); }

    @ParameterizedTest
    @ValueSource(strings = {"socket", "thread", "time", "clock", "chance", "logger"})
    void eachRuleFailsWhenItIsBroken(String method) {
        JavaClasses impure = new ClassFileImporter().importPackages("org.lnsd.rules.impure");
        String failures = noSocketsOrLoggers("org.lnsd.rules.impure..").evaluate(impure).getFailureReport().toString()
                + noTimeOrChance("org.lnsd.rules.impure..").evaluate(impure).getFailureReport();
        assertThat(failures).contains("Impure." + method + "()");
    }

    private static ArchRule noSocketsOrLoggers(String... packages) {
        return noClasses().that().resideInAnyPackage(packages).should().dependOnClassesThat()
                .resideInAnyPackage("java.nio.channels..", "io.netty.channel..", "org.slf4j..", "java.util.logging..",
                        "ch.qos.logback..",
                        "java.util.concurrent.locks..", "java.lang.foreign..")
                .orShould()
                .dependOnClassesThat(
                        simpleName("DatagramSocket").or(simpleName("Socket")).or(simpleName("ServerSocket"))
                                .or(simpleName("ThreadLocal")).or(simpleName("Timer")).or(simpleName("Executor"))
                                .or(simpleName("ExecutorService")))
                .allowEmptyShould(true);
    }

    private static ArchRule noTimeOrChance(String... packages) {
        return noClasses().that().resideInAnyPackage(packages).should().callMethod(System.class, "nanoTime").orShould()
                .callMethod(System.class, "currentTimeMillis").orShould().callMethod(Math.class, "random").orShould()
                .dependOnClassesThat().haveFullyQualifiedName("java.lang.Thread").orShould().dependOnClassesThat()
                .haveFullyQualifiedName("java.time.Clock").orShould().callMethod(java.time.Instant.class, "now")
                .orShould()
                .callMethod(java.time.LocalDateTime.class, "now").orShould().dependOnClassesThat()
                .haveFullyQualifiedName("java.security.SecureRandom").orShould().dependOnClassesThat()
                .haveFullyQualifiedName("java.util.concurrent.ThreadLocalRandom").orShould().dependOnClassesThat()
                .haveFullyQualifiedName("java.util.Random").orShould().dependOnClassesThat()
                .haveFullyQualifiedName("java.util.SplittableRandom")
                .allowEmptyShould(true);
    }

    private static ArchRule only(String[] packages, String... others) {
        String[] allowed = java.util.stream.Stream.concat(List.of(packages).stream(), List.of(others).stream())
                .toArray(String[]::new);
        return noClasses().that().resideInAnyPackage(packages).should()
                .dependOnClassesThat(not(resideInAnyPackage(allowed)).and(notPrimitive()));
    }

    private static com.tngtech.archunit.base.DescribedPredicate<com.tngtech.archunit.core.domain.JavaClass> notPrimitive() {
        return com.tngtech.archunit.base.DescribedPredicate.describe("not primitive",
                type -> !type.isPrimitive() && !type.getBaseComponentType().isPrimitive());
    }
}
