"""Medical care: fever clinics, referrals, admissions, transfers between facilities, beds."""
