package org.lnsd.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * What the JVM makes of the image's compiler directives: a directive without an option is silently off, and then the packets' path runs three
 * times slower without a word.
 */
class CompilerDirectivesTest {
    private static final Path DIRECTIVES = Path.of("..", "packaging", "src", "image", "lib", "compiler.json");

    @Test
    void thePacketsPathIsOptimizedAndNothingElse() throws IOException, InterruptedException {
        Process java = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UnlockDiagnosticVMOptions", "-XX:CompilerDirectivesFile=" + DIRECTIVES,
                "-XX:+CompilerDirectivesPrint", "-version").redirectErrorStream(true).start();
        String printed = new String(java.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(java.waitFor()).as(printed).isZero();
        String[] directives = printed.split("\nDirective:");
        assertThat(directives).as(printed).hasSize(5);
        assertThat(directives[1]).as("what only the control loop does").contains("ControlPath");
        assertThat(optimizer(directives[1])).startsWith("Enable:true Exclude:true");
        assertThat(directives[2]).contains("org/lnsd/daemon/forwarding/*.*").contains("org/lnsd/tun/*.*")
                .contains("org/lnsd/daemon/shaping/*.*");
        assertThat(optimizer(directives[2])).startsWith("Enable:true Exclude:false");
        assertThat(directives[3]).contains("matching: *.*");
        assertThat(optimizer(directives[3])).startsWith("Enable:true Exclude:true");
    }

    private static String optimizer(String directive) {
        return directive.substring(directive.indexOf("Enable:", directive.indexOf("c2 directives:")));
    }
}
