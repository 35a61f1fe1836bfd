package org.lnsd.daemon.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lnsd.daemon.config.ControlConfig;
import org.lnsd.daemon.control.Access.Rights;

/** Who may do what on the control socket. */
class AccessTest {
    @TempDir
    private Path folder = Path.of("");

    private Path groups = Path.of("");

    @BeforeEach
    void write() throws IOException {
        groups = Files.writeString(folder.resolve("group"),
                "lnsd:x:101:olga,paul\nnoc:x:102:nina\nlegal:x:103:lena,paul\n");
    }

    private Access access(String readOnly, String intercept) {
        return new Access(new ControlConfig(folder.resolve("socket"), Optional.of("lnsd"),
                Optional.of(readOnly).filter(name -> !name.isEmpty()),
                Optional.of(intercept).filter(name -> !name.isEmpty()), 8), groups);
    }

    @Test
    void eachGroupHasItsRights() throws IOException {
        Access access = access("noc", "legal");
        assertThat(access.of("root", "root")).hasValue(new Rights("root", true, true));
        assertThat(access.of("olga", "users")).hasValue(new Rights("olga", true, false));
        assertThat(access.of("paul", "users")).as("in both groups").hasValue(new Rights("paul", true, true));
        assertThat(access.of("nina", "users")).hasValue(new Rights("nina", false, false));
        assertThat(access.of("lena", "users")).hasValue(new Rights("lena", false, true));
        assertThat(access.of("otto", "legal")).as("by its own group").hasValue(new Rights("otto", false, true));
        assertThat(access.of("eve", "users")).isEmpty();
    }

    @Test
    void withoutOtherGroupsWhoMayConnectMayDoAllButIntercept() throws IOException {
        assertThat(access("", "").of("eve", "users")).hasValue(new Rights("eve", true, false));
    }

    @Test
    void aGroupThatInterceptsAloneLetsNobodyElseIn() throws IOException {
        assertThat(access("", "legal").of("eve", "users")).isEmpty();
        assertThat(access("", "legal").of("lena", "users")).hasValue(new Rights("lena", false, true));
    }
}
