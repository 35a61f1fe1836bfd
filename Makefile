# lnsd. The two commands of the README are `make run` and `make test`; each installs what the machine lacks.
#
#   make build          the image: packaging/target/lnsd/
#   make run            the newcomer's first minute, in network namespaces of its own; CONFIG=file starts the plain daemon
#   make test           unit tests, image, system tests with real peers (root); make unit: the first part alone
#   make bench          the comparison with peers; make fuzz: hours of fuzzing (FUZZ_SECONDS=n a target)
#   make jmh            micro-benchmarks of the packets' path with allocation (JMH="-h": its options; JMH="Checksum": some of them)
#   make package        the .deb in packaging/target/; make package-test: installs and tries it in a root of its own
#   make reproducible   builds the last commit twice, in two folders, and compares jars, SBOM and .deb
#   make clean
MVN = mvn -B -ntp
IMAGE = packaging/target/lnsd
STAMP = packaging/target/image.stamp
SOURCES := $(shell find */src/main packaging/src packaging/assemble pom.xml */pom.xml build-support/jdk25 -type f 2>/dev/null)
CONFIG =

.PHONY: build run unit test bench jmh fuzz package package-test reproducible clean

build:
	@build-support/bootstrap build
	@$(MAKE) --no-print-directory $(STAMP)

# Quick when nothing changed: the stamp is younger than every source.
$(STAMP): $(SOURCES)
	$(MVN) -q package -DskipTests

run:
	@build-support/bootstrap build run
	@$(MAKE) --no-print-directory $(STAMP)
ifeq ($(CONFIG),)
	@build-support/run
else
	@exec $(IMAGE)/bin/lnsd --config "$(CONFIG)"
endif

unit:
	@build-support/bootstrap build
	$(MVN) test

# The second pass runs, on the image of the first, the tests that carry the tag "system". They deal with real peers and real time
# on whatever machine there is: one that fails is tried once more, and Surefire tells it as a flake.
test:
	@build-support/bootstrap build run test
	build-support/check-protocol-md
	$(MVN) verify
	$(MVN) verify -pl lns-daemon -am -Dspotless.check.skip=true -Dtest.excludedGroups= -Dtest.groups=system -Dtest.reruns=1

bench: build
	build-support/bench

# -prof gc tells the octets allocated for each operation; the JVM flags are those of lib/jvm.sh that matter.
jmh:
	@build-support/bootstrap build
	$(MVN) -q package -DskipTests -Dimage.skip=true -Djmh.jars.skip=false -pl jmh -am
	$$(build-support/jdk25)/bin/java --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow -cp 'jmh/target/classes:jmh/target/lib/*' \
	  org.openjdk.jmh.Main -prof gc -jvmArgs "--enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow -XX:+UseSerialGC" $(JMH)

fuzz:
	@build-support/bootstrap build
	build-support/fuzz

package:
	@build-support/bootstrap build package
	@$(MAKE) --no-print-directory $(STAMP)
	packaging/package

package-test: package
	@build-support/bootstrap test
	packaging/package-test

reproducible:
	@build-support/bootstrap build package
	build-support/reproducible

clean:
	$(MVN) -q clean
