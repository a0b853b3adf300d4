"""Read: any bytes become a ParsedMail. Pure: no clock, network, disk, log or environment."""
