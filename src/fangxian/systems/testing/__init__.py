"""Testing: samples, tubes, results and the duty to be tested."""
