# lnsd: the two commands of the README are `make run` and `make test`.
MVN = mvn -B -q

.PHONY: build run test unit bootstrap clean

bootstrap:
	@build-support/bootstrap

build: bootstrap
	$(MVN) package -DskipTests

unit: bootstrap
	$(MVN) test

test: bootstrap
	$(MVN) verify

clean:
	$(MVN) clean
