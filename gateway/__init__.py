"""The home hub: hears the sensors, learns the person's routine, tells the centre."""
