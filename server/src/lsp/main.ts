/** Entry of the language server: connects over IPC or, with `--stdio`, over standard input and output. */
process.exitCode = 0;
