"""What every provider must do, a class for each kind of case; `suite.ContractSuite` has them all."""
