"""LinkTime: scheduling whose bookings reach the CRM, exactly once."""
