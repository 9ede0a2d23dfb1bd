@io.streamhouse.spec.OpenPackage
package io.streamhouse.testkit.planted.spec.open;
