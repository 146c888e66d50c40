# What the peers need, on the counts handed over: CPU seconds a call, and their results for comparison.
# Rscript peers.R FOLDER: counts.csv (series x weeks), cases.csv (series x days), series, weeks and days to judge in plan.csv
suppressPackageStartupMessages({library(surveillance); library(EpiEstim)})
folder <- commandArgs(TRUE)[1]
at <- function(name) file.path(folder, name)
counts <- t(as.matrix(read.csv(at("counts.csv"), header = FALSE)))
cases <- t(as.matrix(read.csv(at("cases.csv"), header = FALSE)))
plan <- read.csv(at("plan.csv"))
weeks <- (nrow(counts) - plan$weeks + 1):nrow(counts)
common <- list(range = weeks, b = 5, w = 3, reweight = TRUE, alpha = 0.01, trend = TRUE, limit54 = c(5, 4), glmWarnings = FALSE)
settings <- list(
  improved = c(common, list(weightsThreshold = 2.58, pThresholdTrend = 1, noPeriods = 10, pastWeeksNotIncluded = 26,
                            thresholdMethod = "nbPlugin")),
  original = c(common, list(weightsThreshold = 1, pThresholdTrend = 0.05, noPeriods = 1, pastWeeksNotIncluded = 3,
                            thresholdMethod = "delta")))
cpu <- function(call) { t <- system.time(result <- suppressWarnings(suppressMessages(call)))
                        list(t[["user.self"]] + t[["sys.self"]], result) }
series <- sts(observed = counts, frequency = 52, start = c(2015, 1))
out <- data.frame()
for (name in names(settings)) {
  one <- cpu(farringtonFlexible(series, settings[[name]]))
  write.table(format(t(upperbound(one[[2]])), digits = 15, trim = TRUE), at(paste0(name, ".csv")), sep = ",",
              row.names = FALSE, col.names = FALSE, quote = FALSE)
  out <- rbind(out, data.frame(name = name, cpu = one[[1]]))
}
config <- make_config(list(mean_si = 5, std_si = 2.5))
one <- cpu(sapply(seq_len(ncol(cases)), function(i)
  estimate_R(cases[, i], method = "parametric_si", config = config)$R[["Mean(R)"]]))
write.table(format(t(one[[2]]), digits = 15, trim = TRUE), at("rt.csv"), sep = ",", row.names = FALSE, col.names = FALSE,
            quote = FALSE)
out <- rbind(out, data.frame(name = "rt", cpu = one[[1]]))
write.csv(out, at("cpu.csv"), row.names = FALSE, quote = FALSE)
cat(R.version$version.string, as.character(packageVersion("surveillance")), as.character(packageVersion("EpiEstim")), "\n")
