package org.lnsd.ppp;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** lns-ppp holds pure machines: bytes and the time go in, bytes, deadlines and events come out. */
@AnalyzeClasses(packages = "org.lnsd.ppp", importOptions = ImportOption.DoNotIncludeTests.class)
class PurityTest {
    @ArchTest
    static final ArchRule NO_WORLD = noClasses().should().dependOnClassesThat()
            .resideInAnyPackage("java.net.http..", "java.nio.channels..", "java.util.concurrent.locks..",
                    "java.util.logging..",
                    "java.time..", "io.netty.channel..", "org.slf4j..", "org.lnsd.l2tp..", "org.lnsd.radius..",
                    "org.lnsd.tun..", "org.lnsd.daemon..")
            .orShould().dependOnClassesThat()
            .haveFullyQualifiedName("java.net.Socket").orShould().dependOnClassesThat()
            .haveFullyQualifiedName("java.net.DatagramSocket").orShould().dependOnClassesThat()
            .haveFullyQualifiedName("java.lang.Thread").orShould().dependOnClassesThat()
            .haveFullyQualifiedName("java.util.Random").orShould().dependOnClassesThat()
            .haveFullyQualifiedName("java.security.SecureRandom");

    @ArchTest
    static final ArchRule NO_CLOCK = noClasses().should()
            .callMethodWhere(new DescribedPredicate<JavaMethodCall>("a clock of the system is read") {
                @Override
                public boolean test(JavaMethodCall call) {
                    String name = call.getTarget().getFullName();
                    return name.startsWith("java.lang.System.nanoTime")
                            || name.startsWith("java.lang.System.currentTimeMillis");
                }
            });

    @ArchTest
    static final ArchRule NO_MUTABLE_STATICS = fields().that().areStatic().should().beFinal()
            .because("machines share nothing that changes");
}
