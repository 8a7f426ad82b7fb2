internal import Glibc
internal import Server

exit(WorkerProgram.run(arguments: CommandLine.arguments.dropFirst()))
