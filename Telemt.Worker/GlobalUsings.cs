// Rooms that stand in for a public package enter by one line each: the swap is that line, the package and a deleted folder.
global using Telemt.Worker.Systemd.Notify; // Microsoft.Extensions.Hosting.Systemd
