"""Pages of the community: for residents without an account, and for the officers who answer them."""
