using Telemt.Worker.Cli;

return await CommandLine.RunAsync(args);
