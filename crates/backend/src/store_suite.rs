//! One suite of tests for every implementation of the store port.
