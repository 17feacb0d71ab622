// Package bench_test measures the whole program: the real binary, beside what others
// do and beside floors that do as little as possible.
//
// What must always hold: nothing here passes or fails by the clock; what is compared is
// run in turn in the same minutes, and the ratio of each pair is told before the figures
// themselves; what is measured beside us does no more than it must. docs/performance.md
// holds the results and the command for each.
//
// It never runs within make test, but for one delivery that shows that the measuring works.
package bench_test
