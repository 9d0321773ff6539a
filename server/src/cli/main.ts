/** Entry of the command line. */
process.exitCode = 0;
