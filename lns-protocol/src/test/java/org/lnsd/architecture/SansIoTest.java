package org.lnsd.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The protocols are pure machines: no socket, thread, clock, random source or logger (docs/ARCHITECTURE.md). */
@AnalyzeClasses(packages = {"org.lnsd.l2tp", "org.lnsd.radius"}, importOptions = ImportOption.DoNotIncludeTests.class)
class SansIoTest {
    @ArchTest
    static final ArchRule NO_INPUT_OR_OUTPUT = noClasses().should().dependOnClassesThat().resideInAnyPackage(
            "java.io..",
            "java.nio.channels..", "java.nio.file..", "javax.net..", "io.netty.channel..", "io.netty.bootstrap..",
            "io.netty.handler..", "io.netty.resolver..");

    @ArchTest
    static final ArchRule NO_SOCKET = noClasses().should().dependOnClassesThat()
            .haveNameMatching("java\\.net\\.(.*Socket.*|Datagram.*|URL.*|Http.*|NetworkInterface)");

    @ArchTest
    static final ArchRule NO_THREAD = noClasses().should().dependOnClassesThat()
            .resideInAnyPackage("java.util.concurrent..", "io.netty.util.concurrent..").orShould()
            .dependOnClassesThat(JavaClass.Predicates.assignableTo(Thread.class)).orShould().dependOnClassesThat()
            .haveFullyQualifiedName("java.util.Timer");

    @ArchTest
    static final ArchRule NO_CLOCK = noClasses().should().callMethod(System.class, "nanoTime").orShould()
            .callMethod(System.class, "currentTimeMillis").orShould().dependOnClassesThat()
            .haveNameMatching("java\\.time\\.(Clock|Instant|LocalDateTime|ZonedDateTime|OffsetDateTime)").orShould()
            .dependOnClassesThat().haveFullyQualifiedName("java.util.Date");

    @ArchTest
    static final ArchRule NO_RANDOM_SOURCE = noClasses().should().dependOnClassesThat()
            .haveNameMatching("java\\.util\\.(Random|SplittableRandom|UUID)|java\\.security\\.SecureRandom|"
                    + "java\\.util\\.random\\.RandomGeneratorFactory")
            .orShould().callMethod(Math.class, "random")
            .orShould().callMethod(java.util.random.RandomGenerator.class, "getDefault")
            .orShould().callMethod(java.util.random.RandomGenerator.class, "of", String.class);

    @ArchTest
    static final ArchRule NO_LOGGER = noClasses().should().dependOnClassesThat().resideInAnyPackage("org.slf4j..",
            "java.util.logging..", "io.netty.util.internal.logging..", "ch.qos.logback..").orShould()
            .accessField(System.class, "out").orShould().accessField(System.class, "err");

    @ArchTest
    static final ArchRule DOES_NOT_KNOW_THE_OTHERS = noClasses().should().dependOnClassesThat()
            .resideInAnyPackage("org.lnsd.ppp..", "org.lnsd.tun..", "org.lnsd.daemon..", "org.lnsd.lac..",
                    "org.lnsd.cli..");
}
