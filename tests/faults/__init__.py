"""The worst days: databases, networks and stores that die, hang, refuse and lie, under shoppers who go on."""
